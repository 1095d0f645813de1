"""Made-up values that fit a JSON Schema.

- `instances` writes a value: `instance`. It uses what the prompt says, through `told`, or otherwise something plain,
  from `plain`.
- `hints` finds what a prompt says, with `labels`, `capitalized`, `dates`, `numbers` and `passages`, using the regular
  expressions in `expressions`. `property_names` tells what a schema's property is about.
- `json_schema` evaluates a value against a schema: `accepts`. `flattening` and `merging` make one schema out of
  several, and `patterns` writes texts for a regular expression.
"""
