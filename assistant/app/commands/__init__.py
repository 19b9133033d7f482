"""The commands of the command line, a group a file. Law: a command parses, asks and prints; a tool that only it needs is imported when it runs, so that the others start fast."""
