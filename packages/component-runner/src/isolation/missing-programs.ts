import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** @param wanted each program with its Debian and Ubuntu package */
export function missingPrograms(wanted: Readonly<Record<string, string>>): string[] {
  // On Debian, the PATH of unprivileged users lacks /usr/sbin.
  const folders = [...(process.env.PATH ?? "").split(delimiter), "/usr/sbin", "/sbin"];
  return Object.entries(wanted).flatMap(([program, from]) =>
    folders.some((folder) => isExecutable(join(folder, program)))
      ? []
      : [`${program} (install it, such as with \`apt-get install ${from}\`)`],
  );
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
