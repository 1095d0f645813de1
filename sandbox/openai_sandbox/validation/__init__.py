"""Which requests the API refuses, and with what wording.

- `parameters` has `Validator`, which checks the request bodies of one endpoint; `types` reads the types that it checks
  against, and `unions` finds out which alternative of a type an object is meant to be.
- `bounds` has the limits of single parameters, `check_bounds`.
- `wording` has the API's names for types and options: `kind`, `listing`, `expectation`, `unknown_parameter`.
- `strict` has what is refused in a JSON Schema in a request: `refusal`, `problems`.
"""
