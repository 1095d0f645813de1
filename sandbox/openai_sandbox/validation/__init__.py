"""What the API refuses of a request, and in which words.

- `parameters` has `Validator`, which checks the request bodies of one endpoint; `types` reads the types it checks
  against, and `unions` finds out which alternative of a type an object is meant as.
- `bounds` has the limits of single parameters, `check_bounds`.
- `wording` has the API's names for types and options: `kind`, `listing`, `expectation`, `unknown_parameter`.
- `strict` has what is refused of a JSON Schema in a request: `refusal`, `problems`.
"""
