import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";

/** @param wanted each program with the package that Debian and Ubuntu have it in */
export function missingPrograms(wanted: Readonly<Record<string, string>>): string[] {
  // An ordinary user's path has no /usr/sbin on Debian.
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
