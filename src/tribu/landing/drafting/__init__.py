"""Drafts of mappings: what the headers and the values of an unknown export say its columns are.

Evidence is gathered from a bounded sample (`sampling`), column by column: from the header (`words`) and from the values
(`values`, `profiles`). `scoring` weighs both against each landing column and lets each be taken once; `draft` puts
the result together with how the file is read, and `text` writes it as YAML that a person settles.
"""
