"""Calendars as people write them, and what is brought in from outside: public holidays, iCalendar files."""
