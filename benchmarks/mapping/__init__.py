"""How many columns `tribu mapping draft` maps as the shipped mappings do, which people made by looking at the values.

One file of each header line that a shipped mapping knows is drafted, without the mapping being looked at. A column is
right when it fills the same landing columns, or none in both. Where a measure stands twice, as text and as a number,
the shipped mappings take the text and the draft takes the number: these are counted as right in a figure of their own.
Run it with `make bench-mapping`; the lists are read from the folder `TRIBU_REAL_DATA`.
"""
