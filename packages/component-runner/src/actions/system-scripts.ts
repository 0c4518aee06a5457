import type { Question } from "../language/step-host.ts";
import type { Entry } from "./file-scripts.ts";
import { quote } from "./quote.ts";

const list = (value: unknown): string[] =>
  (Array.isArray(value) ? value : value === undefined ? [] : [value]).map(String);

/** A step's commands as one script: AWSTOE joins them into one file. */
export const bashScript = (inputs: Entry): string => list(inputs.commands).join("\n");

export const binaryScript = (inputs: Entry): string =>
  `exec ${[String(inputs.path ?? ""), ...list(inputs.arguments)].map(quote).join(" ")}`;

/** Updates with yum or apt-get, like AWSTOE's UpdateOS; not Amazon Linux 2023, whose releases are locked (user guide). */
export function updateScript(inputs: Entry): string {
  const [include, exclude] = [list(inputs.include), list(inputs.exclude)];
  const names = include.map(quote).join(" ");
  return `
if grep -q 'PLATFORM_ID="platform:al2023"' /etc/os-release; then
  echo "UpdateOS does not support Amazon Linux 2023." >&2
  exit 1
elif command -v apt-get > /dev/null; then
  export DEBIAN_FRONTEND=noninteractive
  apt-get --quiet update
  ${exclude.map((name) => `apt-mark hold ${quote(name)}`).join("\n  ")}
  apt-get --quiet --yes ${include.length > 0 ? `install --only-upgrade ${names}` : "upgrade"}
  ${exclude.map((name) => `apt-mark unhold ${quote(name)}`).join("\n  ")}
elif command -v yum > /dev/null; then
  yum --assumeyes update ${exclude.map((name) => `--exclude=${quote(name)}`).join(" ")} ${names}
else
  echo "UpdateOS supports yum and apt-get only." >&2
  exit 1
fi`;
}

/** Exits with 0 if the answer is yes. */
export function inspectScript({ operator, path, hash = "" }: Question): string {
  const sum = (program: string) =>
    `[ "$(${program} < ${quote(path)} | cut -d ' ' -f 1)" = ${quote(hash.toLowerCase())} ]`;
  switch (operator) {
    case "binaryExists":
      return `command -v ${quote(path)} > /dev/null`;
    case "fileExists":
      return `[ -f ${quote(path)} ]`;
    case "folderExists":
      return `[ -d ${quote(path)} ]`;
    case "fileMD5Equals":
      return sum("md5sum");
    case "fileSHA1Equals":
      return sum("sha1sum");
    case "fileSHA256Equals":
      return sum("sha256sum");
    case "fileSHA512Equals":
      return sum("sha512sum");
  }
}
