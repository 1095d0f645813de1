// Compiles the packages in folders with the interpreter that will load them: node compile.mjs RUNTIME FOLDER...
// Their .pyc files are next to the sources and are never checked against them.

import { pathToFileURL } from "node:url";
import { join } from "node:path";

const [runtime, ...folders] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(join(runtime, "pyodide.mjs")).href);
const python = await loadPyodide({ indexURL: `${runtime}/` });
for (const [index, folder] of folders.entries()) {
  const mount = `/mnt/${index}`;
  python.FS.mkdirTree(mount);
  python.FS.mount(python.FS.filesystems.NODEFS, { root: folder }, mount);
  python.globals.set("folder", mount);
  python.runPython(`
import compileall, py_compile, re

def compiled(folder, rx, optimize):
    compileall.compile_dir(
        folder, quiet=2, legacy=True, force=True, rx=rx, optimize=optimize, stripdir=folder, prependdir=PLACE,
        invalidation_mode=py_compile.PycInvalidationMode.UNCHECKED_HASH,
    )

PLACE = "/lib/python3.14/site-packages"
WITH_ASSERTIONS = re.compile(r"/(_pytest|pytest|pluggy|iniconfig|openai_sandbox)/")
compiled(folder, WITH_ASSERTIONS, 2)
compiled(folder, re.compile(r"^(?!.*/(_pytest|pytest|pluggy|iniconfig|openai_sandbox)/)"), 0)
`);
}
process.exit(0);
