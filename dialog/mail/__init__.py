"""The outbox: mails written in the transaction of their cause, and sent after it."""
