"""The command line: the only room that knows Typer and exit codes.

commands  each collects its options, calls one function, hands the outcome to writers, and says how it went
options   what several commands share
targets   where results go, and whether they may
progress  the line that says what is being done
slips     a wrong command line, and the right one
help      Typer's own words in Vietnamese
"""

from xeploai.cli.commands import app, exit_code, run

__all__ = ["app", "exit_code", "run"]
