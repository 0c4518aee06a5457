import { createHash } from "node:crypto";
import {
  chmodSync,
  createReadStream,
  existsSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { findCached, makeCached } from "./cache.ts";
import { missingPrograms } from "./missing-programs.ts";
import { requireProgram } from "./run-program.ts";
import { type RootSource, SystemError } from "./system.ts";
import { type VendorRoot, vendorRoots } from "./vendor-roots.ts";

export interface RootTar {
  readonly path: string;
  readonly bytes: number;
  /** Hex SHA-256 of its content. */
  readonly digest: string;
}

/** Unpacks a root file system from standard input. */
export const UNPACK_TAR = [
  "tar",
  "--numeric-owner",
  "--xattrs",
  "--xattrs-include=*",
  "--exclude=./dev/*",
  "--extract",
];

/** A root from vendor packages is rebuilt after a week. */
const LONGEST_MS = 7 * 24 * 3600 * 1000;

/** Returns the root file system as an uncompressed tar. */
export async function rootTar(
  source: RootSource,
  progress: (line: string) => void,
  signal?: AbortSignal,
): Promise<RootTar> {
  switch (source.kind) {
    case "tar":
      return describeTar(existing(source.path, "file"), signal);
    case "directory":
      return describeTar(await packFolder(existing(source.path, "directory"), signal), signal);
    case "os":
      return describeTar(await vendorTar(source, progress, signal), signal);
  }
}

function existing(path: string, kind: "file" | "directory"): string {
  const found = existsSync(path) ? statSync(path) : undefined;
  if (kind === "file" ? found?.isFile() : found?.isDirectory()) return path;
  throw new SystemError(`${path} is not a ${kind}: --root takes a tar or the directory of a root file system`);
}

async function packFolder(folder: string, signal: AbortSignal | undefined): Promise<string> {
  const name = `folder-${createHash("sha256").update(folder).digest("hex").slice(0, 24)}.tar`;
  const args = ["--directory", folder, "--numeric-owner", "--xattrs", "--one-file-system", "--create", "--file"];
  return makeCached(name, async (path) => void (await requireProgram("tar", [...args, path, "."], { signal })));
}

async function vendorTar(
  { os, architecture, bootable = false }: Extract<RootSource, { kind: "os" }>,
  progress: (line: string) => void,
  signal: AbortSignal | undefined,
) {
  const vendor = vendorRoots[os];
  if (!vendor) {
    throw new SystemError(
      `No root file system of ${os} can be made here: only of ${Object.keys(vendorRoots).join(", ")}. Give one by --root <tar or directory>, such as from a container image: \`docker export\` writes a tar.`,
    );
  }
  if (architecture !== machineArchitecture()) {
    throw new SystemError(
      `The image is ${architecture}, and this machine is ${machineArchitecture()}: documents run for real only on the image's own architecture`,
    );
  }
  const wanted = missingPrograms({ mmdebstrap: "mmdebstrap" });
  if (wanted[0])
    throw new SystemError(`A root file system of ${os} needs ${wanted[0]}, or give one by --root <tar or directory>`);
  const args = vendor.arguments(architecture, bootable);
  const name = `root-${os}-${createHash("sha256").update(args.join("\n")).digest("hex").slice(0, 16)}.tar`;
  const found = findCached(name, LONGEST_MS);
  if (found) return found;
  const kernel = bootable ? ", with a kernel" : "";
  progress(`Making a root file system of ${os}${kernel} from its vendor's packages; it is kept for a week`);
  return makeCached(name, async (path) => {
    const [suite = "", ...sources] = vendor.sources(architecture);
    // apt reads the keys as a user without access to this user's home.
    const keys = mkdtempSync(join(tmpdir(), `component-runner-${process.pid}-keys-`));
    chmodSync(keys, 0o755);
    try {
      const keyrings = vendor.keyring ? [`--keyring=${await fetchKeyring(vendor.keyring, keys, signal)}`] : [];
      // If killed, its mounts vanish with the namespace and its files with the folder.
      const [program = "", ...first] = [
        ...(process.getuid?.() === 0 ? ["unshare", "--mount", "--propagation", "private"] : []),
        "mmdebstrap",
      ];
      await requireProgram(program, [...first, ...args, ...keyrings, suite, path, ...sources], {
        signal,
        env: { ...process.env, TMPDIR: keys },
      });
    } finally {
      rmSync(keys, { recursive: true, force: true, maxRetries: 10 });
    }
  });
}

/** The package's digest is pinned, so its source need not be trusted. */
async function fetchKeyring(
  { address, sha256, file }: NonNullable<VendorRoot["keyring"]>,
  folder: string,
  signal: AbortSignal | undefined,
) {
  const response = await fetch(address, {
    signal: AbortSignal.any([AbortSignal.timeout(60_000), ...(signal ? [signal] : [])]),
  });
  if (!response.ok) throw new SystemError(`${address} answers ${response.status}`);
  const content = Buffer.from(await response.arrayBuffer());
  const digest = createHash("sha256").update(content).digest("hex");
  if (digest !== sha256) throw new SystemError(`${address} has the SHA-256 ${digest}; ${sha256} was expected`);
  writeFileSync(join(folder, "keyring.deb"), content);
  await requireProgram("dpkg-deb", ["--extract", join(folder, "keyring.deb"), join(folder, "keyring")]);
  return join(folder, "keyring", file);
}

/** Reading a large file takes a second, so the digest is cached until the file changes. */
async function describeTar(path: string, signal: AbortSignal | undefined): Promise<RootTar> {
  const { size: bytes, mtimeMs, ino } = statSync(path);
  const known = `digest-${createHash("sha256").update([path, bytes, mtimeMs, ino].join("\n")).digest("hex").slice(0, 24)}`;
  const kept = findCached(known, LONGEST_MS);
  if (kept) return { path, bytes, digest: readFileSync(kept, "utf8") };
  const hash = createHash("sha256");
  for await (const chunk of createReadStream(path, { signal })) hash.update(chunk as Uint8Array);
  const digest = hash.digest("hex");
  await makeCached(known, async (entry) => writeFileSync(entry, digest));
  return { path, bytes, digest };
}

const machineArchitecture = () => (process.arch === "arm64" ? "arm64" : "x86_64");
