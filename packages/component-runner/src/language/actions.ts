const PLATFORMS = ["Linux", "Windows", "macOS"] as const;
export type ToePlatform = (typeof PLATFORMS)[number];

/**
 * text: also a number or boolean, which AWSTOE reads as text. scalar or list: for SetRegistry. parameters: a list of
 * `name` and `value`. texts: a list. properties: strings by name.
 */
type InputType = "text" | "flag" | "integer" | "texts" | "scalar or list" | "parameters" | "properties";

export interface Input {
  readonly type: InputType;
  readonly required?: true;
  /** Case-insensitive. */
  readonly values?: readonly string[];
  readonly notOn?: ToePlatform;
}

/** An action module's inputs and outputs. */
export interface ActionModule {
  readonly does: string;
  readonly platforms: readonly ToePlatform[];
  /** One mapping, a list of them, or a comparison. */
  readonly form: "mapping" | "list" | "comparison";
  readonly inputs: Readonly<Record<string, Input>>;
  /** For `{{ phase.step.outputs.name }}`. */
  readonly outputs: readonly string[];
  /** Exactly one of these inputs. */
  readonly oneOf?: readonly string[];
  /** All of these inputs, or none. */
  readonly together?: readonly string[];
  /** `inputs` may be omitted. */
  readonly withoutInputs?: true;
  /** timeoutSeconds and maxAttempts can only be -1 and 1. */
  readonly unlimitedOnce?: true;
}

const EVERYWHERE = PLATFORMS;
const UNIX = ["Linux", "macOS"] as const;
const WINDOWS = ["Windows"] as const;

const text: Input = { type: "text" };
const needed: Input = { type: "text", required: true };
const flag: Input = { type: "flag" };
const texts: Input = { type: "texts" };
const unixOnly: Input = { type: "text", notOn: "Windows" };
const encodings = ["16", "32"].flatMap((bits) =>
  ["utf", "utf-"].flatMap((utf) => ["", "-LE", "-BE"].map((end) => `${utf}${bits}${end}`)),
);
const encoding: Input = { type: "text", values: ["utf8", "utf-8", ...encodings] };
const permissions = { owner: unixOnly, group: unixOnly, permissions: unixOnly, overwrite: flag };
const moving = { source: needed, destination: needed, overwrite: flag };
const installer: ActionModule["inputs"] = {
  path: needed,
  reboot: { type: "text", values: ["Allow", "Force", "Skip"] },
  logOptions: text,
  logFile: text,
  properties: { type: "properties" },
  ignoreAuthenticodeSignatureErrors: flag,
  allowUnsignedInstaller: flag,
};

type More = Partial<Pick<ActionModule, "outputs" | "oneOf" | "together" | "withoutInputs" | "unlimitedOnce">>;

const module =
  (form: ActionModule["form"]) =>
  (does: string, platforms: readonly ToePlatform[], inputs: ActionModule["inputs"], more: More = {}): ActionModule => ({
    does,
    platforms,
    form,
    inputs,
    outputs: [],
    ...more,
  });
const one = module("mapping");
const many = module("list");

const STDOUT = { outputs: ["stdout"] };
const MSI = { outputs: ["logFile", "msiExitCode", "stdout"] };

/**
 * From "Action modules supported by AWSTOE component manager" in Image Builder's user guide. If a module's heading and
 * text name different platforms, the text applies.
 */
export const ACTIONS: Readonly<Record<string, ActionModule>> = {
  Assert: module("comparison")("Fails if a comparison is false.", EVERYWHERE, {}),
  ExecuteBash: one("Runs commands with bash.", UNIX, { commands: { type: "texts", required: true } }, STDOUT),
  ExecuteBinary: one("Runs a program with arguments.", EVERYWHERE, { path: needed, arguments: texts }, STDOUT),
  ExecuteDocument: one(
    "Runs another component document.",
    EVERYWHERE,
    { document: needed, "document-s3-bucket-owner": text, phases: text, parameters: { type: "parameters" } },
    {
      outputs: [
        "executedStepCount",
        "executionId",
        "failedStepCount",
        "failureMessage",
        "ignoredFailedStepCount",
        "logUrl",
        "status",
      ],
      unlimitedOnce: true,
    },
  ),
  ExecutePowerShell: one(
    "Runs commands, or a script file, with Windows PowerShell.",
    WINDOWS,
    { commands: texts, file: text },
    { ...STDOUT, oneOf: ["commands", "file"] },
  ),
  S3Download: many("Downloads objects from Amazon S3.", EVERYWHERE, { ...moving, expectedBucketOwner: text }),
  S3Upload: many("Uploads files to Amazon S3.", EVERYWHERE, {
    source: needed,
    destination: needed,
    recurse: flag,
    expectedBucketOwner: text,
  }),
  WebDownload: many(
    "Downloads files by HTTP or HTTPS.",
    EVERYWHERE,
    {
      ...moving,
      checksum: text,
      algorithm: { type: "text", values: ["MD5", "SHA1", "SHA256", "SHA512"] },
      ignoreCertificateErrors: flag,
    },
    { outputs: ["destination"], together: ["checksum", "algorithm"] },
  ),
  AppendFile: many("Appends text to existing files.", EVERYWHERE, { path: needed, content: text, encoding }),
  CopyFile: many("Copies files.", EVERYWHERE, moving),
  CopyFolder: many("Copies folders.", EVERYWHERE, moving),
  CreateFile: many("Writes files.", EVERYWHERE, { path: needed, content: text, encoding, ...permissions }),
  CreateFolder: many("Creates folders.", EVERYWHERE, { path: needed, ...permissions }),
  CreateSymlink: many("Creates symbolic links.", UNIX, { path: needed, target: needed, force: flag }),
  DeleteFile: many("Deletes files.", EVERYWHERE, { path: needed }),
  DeleteFolder: many("Deletes folders.", EVERYWHERE, { path: needed, force: flag }),
  ListFiles: many(
    "Lists the files in folders.",
    EVERYWHERE,
    { path: needed, fileNamePattern: text, recursive: flag },
    { outputs: ["files"] },
  ),
  MoveFile: many("Moves files.", EVERYWHERE, moving),
  MoveFolder: many("Moves folders.", EVERYWHERE, moving),
  ReadFile: many(
    "Reads text files.",
    EVERYWHERE,
    { path: needed, encoding, printFileContent: flag },
    { outputs: ["content"] },
  ),
  SetFileEncoding: many("Converts text files from UTF-8.", EVERYWHERE, {
    path: needed,
    encoding: { ...encoding, required: true },
  }),
  SetFileOwner: many("Sets files' owners.", UNIX, { path: needed, owner: needed, group: text }),
  SetFolderOwner: many("Sets folders' owners.", UNIX, { path: needed, owner: needed, group: text, recursive: flag }),
  SetFilePermissions: many("Sets files' permissions.", UNIX, { path: needed, permissions: needed }),
  SetFolderPermissions: many("Sets folders' permissions.", UNIX, {
    path: needed,
    permissions: needed,
    recursive: flag,
  }),
  InstallMSI: one("Installs an MSI file.", WINDOWS, installer, MSI),
  UninstallMSI: one("Uninstalls an MSI file.", WINDOWS, installer, MSI),
  Reboot: one(
    "Reboots the system, then continues with the next step.",
    ["Linux", "Windows"],
    { delaySeconds: { type: "integer" } },
    { withoutInputs: true },
  ),
  SetRegistry: many("Sets values of the registry.", WINDOWS, {
    path: needed,
    name: needed,
    value: { type: "scalar or list", required: true },
    type: { type: "text", required: true, values: ["BINARY", "DWORD", "QWORD", "SZ", "EXPAND_SZ", "MULTI_SZ"] },
  }),
  UpdateOS: one(
    "Installs the system's updates.",
    ["Linux", "Windows"],
    { include: texts, exclude: texts },
    { withoutInputs: true },
  ),
};

export const actionsOn = (platform: ToePlatform): string[] =>
  Object.keys(ACTIONS).filter((name) => ACTIONS[name]?.platforms.includes(platform));
