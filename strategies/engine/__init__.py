"""The decision core: one pure function for backtest, paper and live.

`program.compile` resolves a spec for a day, `state.initial` starts a run, `decide.decide` answers events and
`waits.waits` says what can matter next. Import from the modules: this package imports nothing, so that the
spec may use `engine.types`.
"""
