"""The steps of the line: values in, value out, plus the findings they made. None opens a file, prints or asks the clock."""
