"""The steps that bring an older database to today's tables, one file each under versions/, numbered as they came.

To change a table: change `server/storage/tables.py`, add the next number here, and run the tests of this folder, which
compare the two. A column that is added needs a server default, because rows are there already. A step that was once
released is never changed.
"""
