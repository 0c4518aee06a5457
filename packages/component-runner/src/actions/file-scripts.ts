import { hasPattern, quote, quotePattern } from "./quote.ts";

/** One entry of an action module's inputs, variables replaced. */
export type Entry = Readonly<Record<string, unknown>>;

const text = (entry: Entry, key: string): string => String(entry[key] ?? "");
const isSet = (entry: Entry, key: string, otherwise: boolean): boolean => String(entry[key] ?? otherwise) === "true";

/** An input that AWSTOE supports and this package does not. */
export class NotBuiltError extends Error {
  override readonly name = "NotBuiltError";
  readonly code = "NotBuilt";
}

const ENCODINGS: Readonly<Record<string, BufferEncoding>> = {
  "": "utf8",
  utf8: "utf8",
  "utf-8": "utf8",
  utf16: "utf16le",
  "utf-16": "utf16le",
  "utf16-LE": "utf16le",
  "utf-16-LE": "utf16le",
};

function encodingOf(entry: Entry): BufferEncoding {
  const encoding = ENCODINGS[text(entry, "encoding")];
  if (encoding) return encoding;
  throw new NotBuiltError(
    `The encoding '${text(entry, "encoding")}' is not built; valid: ${Object.keys(ENCODINGS).filter(Boolean).join(", ")}.`,
  );
}

const content = (entry: Entry): string =>
  `printf %s ${quote(Buffer.from(text(entry, "content"), encodingOf(entry)).toString("base64"))} | base64 --decode`;

const owned = (entry: Entry, path: string): string[] => [
  ...(entry.owner === undefined ? [] : [`chown ${quote(text(entry, "owner"))} ${path}`]),
  ...(entry.group === undefined ? [] : [`chgrp ${quote(text(entry, "group"))} ${path}`]),
];

/** Script lines that print a message and fail. */
const fail = (message: string): string => `{ echo ${quote(message)} >&2; exit 1; }`;

const keepsOld = (entry: Entry): boolean => !isSet(entry, "overwrite", true);

/** `cp` or `mv` of all matches of the source. @param kind required type of the source: `-f` or `-d` */
function transfer(entry: Entry, command: string, kind: "-f" | "-d"): string {
  const [source, destination] = [text(entry, "source"), text(entry, "destination")];
  const into = destination.endsWith("/") || hasPattern(source);
  const what = kind === "-f" ? "file" : "folder";
  // Follows links to folders, as AWSTOE's copies do.
  const end = into ? `${quote(destination.replace(/\/$/, ""))}/"$(basename "$one")"` : quote(destination);
  return [
    "found=0",
    `for one in ${quotePattern(source.replace(/\/$/, ""))}; do`,
    `  [ ${kind} "$one" ] || continue`,
    "  found=1",
    `  to=${end}`,
    `  mkdir -p "$(dirname "$to")"`,
    ...(keepsOld(entry) ? [`  [ ! -e "$to" ] || continue`] : []),
    // If the destination is an existing folder, `cp` and `mv` would write inside it.
    kind === "-d" && command.startsWith("cp")
      ? `  mkdir -p "$to"; ${command} "$one/." "$to"`
      : `  ${command} "$one" "$to"`,
    "done",
    hasPattern(source) ? "true" : `[ "$found" = 1 ] || ${fail(`The source ${what} '${source}' does not exist.`)}`,
  ].join("\n");
}

/** @param kind required type of the path: `-f` or `-d` */
const onExisting = (entry: Entry, kind: "-f" | "-d", command: string): string => {
  const path = text(entry, "path");
  const what = kind === "-f" ? "file" : "folder";
  return `[ ${kind} ${quote(path)} ] || ${fail(`The ${what} '${path}' does not exist.`)}\n${command} ${quote(path)}`;
};

const recursive = (entry: Entry): string => (isSet(entry, "recursive", true) ? "--recursive " : "");
const toOwner = (entry: Entry): string => {
  const group = entry.group === undefined ? "" : `:${text(entry, "group")}`;
  return quote(`${text(entry, "owner")}${group}`);
};

/** The script for one entry of each file module ("Action modules supported by AWSTOE", user guide). */
export const fileScripts: Readonly<Record<string, (entry: Entry) => string>> = {
  CreateFile(entry) {
    const path = quote(text(entry, "path"));
    const write = [
      `mkdir -p "$(dirname ${path})"`,
      `${content(entry)} > ${path}`,
      `chmod ${quote(text({ permissions: "0666", ...entry }, "permissions"))} ${path}`,
      ...owned(entry, path),
    ].join("\n");
    return keepsOld(entry) ? `if [ ! -e ${path} ]; then\n${write}\nfi` : write;
  },
  CreateFolder(entry) {
    const path = quote(text(entry, "path"));
    return [
      ...(keepsOld(entry) ? [] : [`[ ! -e ${path} ] || [ -d ${path} ] || rm -f ${path}`]),
      `mkdir -p ${path}`,
      `chmod ${quote(text({ permissions: "0777", ...entry }, "permissions"))} ${path}`,
      ...owned(entry, path),
    ].join("\n");
  },
  AppendFile: (entry) => onExisting(entry, "-f", "true").concat(`\n${content(entry)} >> ${quote(text(entry, "path"))}`),
  CopyFile: (entry) => transfer(entry, "cp --preserve=mode,timestamps", "-f"),
  CopyFolder: (entry) => transfer(entry, "cp --recursive --preserve=mode,timestamps", "-d"),
  MoveFile: (entry) => transfer(entry, "mv --force", "-f"),
  MoveFolder: (entry) => transfer(entry, "mv --force --no-target-directory", "-d"),
  CreateSymlink(entry) {
    const [path, target] = [text(entry, "path"), text(entry, "target")];
    return [
      `[ -e ${quote(target)} ] || ${fail(`The target '${target}' does not exist.`)}`,
      `mkdir -p "$(dirname ${quote(path)})"`,
      `ln --symbolic --no-target-directory ${isSet(entry, "force", false) ? "--force " : ""}${quote(target)} ${quote(path)}`,
    ].join("\n");
  },
  DeleteFile: (entry) =>
    hasPattern(text(entry, "path"))
      ? `for one in ${quotePattern(text(entry, "path"))}; do [ ! -f "$one" ] || rm -f "$one"; done`
      : onExisting(entry, "-f", "rm -f"),
  DeleteFolder: (entry) => onExisting(entry, "-d", isSet(entry, "force", false) ? "rm -rf" : "rmdir"),
  ListFiles(entry) {
    const depth = isSet(entry, "recursive", false) ? "" : "-maxdepth 1 ";
    const named =
      entry.fileNamePattern === undefined
        ? ""
        : `-regextype posix-extended -regex ${quote(`.*/${text(entry, "fileNamePattern")}`)} `;
    const folder = text(entry, "path");
    return `[ -d ${quote(folder)} ] || ${fail(`The folder '${folder}' does not exist.`)}\nfind ${quote(folder)} ${depth}-type f ${named}-print | LC_ALL=C sort`;
  },
  ReadFile: (entry) => onExisting(entry, "-f", "cat"),
  SetFileEncoding: (entry) =>
    `f=${quote(text(entry, "path"))}\nnew="$(mktemp)"\niconv --to-code ${quote(text(entry, "encoding"))} "$f" > "$new"\ncat "$new" > "$f"\nrm -f "$new"`,
  SetFileOwner: (entry) => onExisting(entry, "-f", `chown ${toOwner(entry)}`),
  SetFolderOwner: (entry) => onExisting(entry, "-d", `chown ${recursive(entry)}${toOwner(entry)}`),
  SetFilePermissions: (entry) => onExisting(entry, "-f", `chmod ${quote(text(entry, "permissions"))}`),
  SetFolderPermissions: (entry) =>
    onExisting(entry, "-d", `chmod ${recursive(entry)}${quote(text(entry, "permissions"))}`),
  WebDownload(entry) {
    const [source, given] = [text(entry, "source"), text(entry, "destination")];
    const destination = given.endsWith("/") ? `${given}${source.slice(source.lastIndexOf("/") + 1)}` : given;
    const sum = /^(md5|sha1|sha256|sha512)$/i.exec(
      text({ algorithm: "SHA256", ...entry }, "algorithm").replace("-", ""),
    );
    const checked =
      entry.checksum === undefined
        ? []
        : [
            `echo ${quote(`${text(entry, "checksum").toLowerCase()}  ${destination}`)} | ${(sum?.[1] ?? "sha256").toLowerCase()}sum --check --status || ${fail(`The checksum of '${source}' is not the expected one.`)}`,
          ];
    const to = quote(destination);
    return [
      `command -v curl > /dev/null || ${fail("WebDownload needs curl in the system; AWSTOE has a client of its own.")}`,
      `mkdir -p "$(dirname ${to})"`,
      ...(keepsOld(entry) ? [`[ ! -e ${to} ] || exit 0`] : []),
      `curl --fail --silent --show-error --location --retry 4 --retry-all-errors ${isSet(entry, "ignoreCertificateErrors", false) ? "--insecure " : ""}--output ${to} ${quote(source)}`,
      ...checked,
      `printf %s ${to}`,
    ].join("\n");
  },
};

/** The names of the outputs that a module's standard output becomes. */
export const outputOf: Readonly<Record<string, (stdout: string) => Readonly<Record<string, string>>>> = {
  ListFiles: (stdout) => ({ files: stdout.trim().split("\n").join(",") }),
  ReadFile: (stdout) => ({ content: stdout }),
  WebDownload: (stdout) => ({ destination: stdout }),
};
