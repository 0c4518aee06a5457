import { randomBytes } from "node:crypto";
import { lstatSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { acceptDeployments } from "../admin/deploy.ts";
import type { EmbeddedAws } from "../engine/embedded-aws.ts";
import { privateFolder } from "../engine/private-folder.ts";

type Environment = Readonly<Record<string, string | undefined>>;

/** Where programs keep a user's state (XDG Base Directory Specification). */
function stateFolder({ XDG_STATE_HOME }: Environment): string {
  // The specification: paths must be absolute; others are ignored.
  const state = XDG_STATE_HOME?.startsWith("/") ? XDG_STATE_HOME : join(homedir(), ".local", "state");
  return join(state, "embedded-aws");
}

const tokenFile = (port: number, environment: Environment): string =>
  join(stateFolder(environment), `deploy-token-${port}`);

/**
 * From now on, programs of this user can deploy to this AWS over HTTP: they read the token from a file that only this
 * user can read. `environment` determines its path.
 * @param port the AWS's port
 * @returns a function that removes the file
 * @throws FolderUnusable
 */
export function openDeployDoor(aws: EmbeddedAws, port: number, environment: Environment = process.env): () => void {
  const file = tokenFile(port, environment);
  const token = randomBytes(32).toString("hex");
  privateFolder(stateFolder(environment));
  const draft = `${file}.${process.pid}`;
  rmSync(draft, { force: true });
  writeFileSync(draft, token, { mode: 0o600, flag: "wx" });
  renameSync(draft, file);
  acceptDeployments(aws, token);
  return () => rmSync(file, { force: true });
}

/**
 * Reads the token that a deployment over HTTP needs.
 * @throws DeployTokenMissing
 */
export function readDeployToken(port: number, environment: Environment = process.env): string {
  const file = tokenFile(port, environment);
  try {
    const { mode } = lstatSync(file);
    if (process.getuid && (mode & 0o077) !== 0) throw new Error("other users can read it");
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new DeployTokenMissing(port, file, cause as NodeJS.ErrnoException);
  }
}

class DeployTokenMissing extends Error {
  override readonly name = "DeployTokenMissing";
  readonly code = "DEPLOY_TOKEN_MISSING";

  constructor(port: number, file: string, cause: NodeJS.ErrnoException) {
    const why = cause.code === "ENOENT" ? "the file does not exist" : cause.message;
    super(
      `Cannot read the deploy token for port ${port} from ${file}: ${why}. The embedded AWS writes it when it starts: start it as this user, with the same XDG_STATE_HOME.`,
      { cause },
    );
  }
}
