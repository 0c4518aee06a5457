/** What an action module takes: one mapping, or a list of them. */
interface ActionModule {
  readonly platforms: readonly ToePlatform[];
  readonly form: "mapping" | "list";
  /** Input keys that must be there (in each entry of a list). */
  readonly required: readonly string[];
}

export type ToePlatform = "Linux" | "Windows" | "macOS";

const EVERYWHERE = ["Linux", "Windows", "macOS"] as const;
const UNIX = ["Linux", "macOS"] as const;
const WINDOWS = ["Windows"] as const;

const one = (platforms: readonly ToePlatform[], ...required: string[]): ActionModule => ({
  platforms,
  form: "mapping",
  required,
});
const many = (platforms: readonly ToePlatform[], ...required: string[]): ActionModule => ({
  platforms,
  form: "list",
  required,
});

/** From "Action modules supported by AWSTOE component manager" in Image Builder's user guide. */
export const ACTIONS: Readonly<Record<string, ActionModule>> = {
  Assert: one(EVERYWHERE),
  ExecuteBash: one(UNIX, "commands"),
  ExecuteBinary: one(EVERYWHERE, "path"),
  ExecuteDocument: one(EVERYWHERE, "document"),
  ExecutePowerShell: one(WINDOWS),
  S3Download: many(EVERYWHERE, "source", "destination"),
  S3Upload: many(EVERYWHERE, "source", "destination"),
  WebDownload: many(EVERYWHERE, "source", "destination"),
  AppendFile: many(EVERYWHERE, "path", "content"),
  CopyFile: many(EVERYWHERE, "source", "destination"),
  CopyFolder: many(EVERYWHERE, "source", "destination"),
  CreateFile: many(EVERYWHERE, "path"),
  CreateFolder: many(EVERYWHERE, "path"),
  CreateSymlink: many(UNIX, "path", "target"),
  DeleteFile: many(EVERYWHERE, "path"),
  DeleteFolder: many(EVERYWHERE, "path"),
  ListFiles: many(EVERYWHERE, "path"),
  MoveFile: many(EVERYWHERE, "source", "destination"),
  MoveFolder: many(EVERYWHERE, "source", "destination"),
  ReadFile: many(EVERYWHERE, "path"),
  SetFileEncoding: many(EVERYWHERE, "path", "encoding"),
  SetFileOwner: many(UNIX, "path", "owner"),
  SetFolderOwner: many(UNIX, "path", "owner"),
  SetFilePermissions: many(UNIX, "path", "permissions"),
  SetFolderPermissions: many(UNIX, "path", "permissions"),
  InstallMSI: one(WINDOWS, "path"),
  UninstallMSI: one(WINDOWS),
  Reboot: one(EVERYWHERE),
  SetRegistry: many(WINDOWS, "path", "name", "value", "type"),
  UpdateOS: one(["Linux", "Windows"]),
};

export const actionsOn = (platform: ToePlatform): string[] =>
  Object.keys(ACTIONS).filter((name) => ACTIONS[name]?.platforms.includes(platform));

/** Inputs may be left out altogether. */
export const needsNoInputs = (action: string): boolean => action === "Reboot" || action === "UpdateOS";
