// Compiles modules with the interpreter that will load them: node compile.mjs RUNTIME FOLDER=PLACE...
// PLACE is where the interpreter will have the folder; tracebacks name it.
// Their .pyc files are next to the sources and are never checked against them.

import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [runtime, ...given] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${runtime}/` });
for (const [index, pair] of given.entries()) {
  const [folder, place] = pair.split("=");
  const mount = `/mnt/${index}`;
  python.FS.mkdirTree(mount);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, mount);
  python.globals.set("folder", mount);
  python.globals.set("place", place);
  python.runPython(`
import compileall, py_compile, re

WITH_ASSERTIONS = "/(_pytest|pytest|pluggy|iniconfig|openai_sandbox)/"
for left_out, optimize in ((WITH_ASSERTIONS, 2), (f"^(?!.*{WITH_ASSERTIONS})", 0)):
    compileall.compile_dir(
        folder, quiet=2, legacy=True, force=True, rx=re.compile(left_out), optimize=optimize,
        stripdir=folder, prependdir=place, invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )
`);
}
process.exit(0);
