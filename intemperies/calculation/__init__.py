"""What a stoppage is worth and whether it may be declared: pure functions over dated parameters.

Nothing here reads a database, a clock or a setting: who calls gives the facts, the parameters and the day.
Amounts and hours are `Decimal`; an amount is rounded once, half up, when it is said. The numbers of the
rules are those of docs/bad-weather.md.
"""
