"""The digits that a number is printed with, looked at one by one."""
