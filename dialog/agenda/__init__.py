"""The bridge between a borgermøde and its threads: questions out, answers back."""
