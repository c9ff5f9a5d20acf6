"""Files on the disk: the result workbook, the template. The only room that writes, and it writes whole or not at all."""
