"""Made-up values that fit a JSON Schema.

- `instances` writes a value: `instance`. It takes what the prompt says, through `told`, else something plain, from
  `plain`.
- `hints` finds what a prompt says, with `labels`, `capitalized`, `dates`, `numbers` and `passages`, by the regular
  expressions of `expressions`. `property_names` tells what the property of a schema is about.
- `json_schema` evaluates a value against a schema: `accepts`. `flattening` and `merging` make one schema of several,
  and `patterns` writes texts for a regular expression.
"""
