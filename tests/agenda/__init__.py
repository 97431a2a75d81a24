"""The agenda of a borgermøde, and the pack for those who come."""
