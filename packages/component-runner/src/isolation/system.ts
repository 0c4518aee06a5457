/** Values of `--in`. */
export const backendNames = ["namespaces", "bubblewrap", "docker", "podman", "vm"] as const;
export type BackendName = (typeof backendNames)[number];

/** Resource limits of a system. */
export interface Limits {
  readonly memoryMiB: number;
  readonly processes: number;
  /** MiB that documents may write. */
  readonly diskMiB: number;
}

export interface Command {
  /** Bash script, run as root. */
  readonly script: string;
  /** Standard input; default: empty. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** On abort, every process that the command started is killed. */
  readonly signal?: AbortSignal;
  /** Called as output arrives. */
  readonly onOutput?: (chunk: Uint8Array, from: "stdout" | "stderr") => void;
}

export interface Ended {
  /** 128 plus the signal's number if a signal ended it. */
  readonly exitCode: number;
  /** Whether the system went down before the command ended. */
  readonly systemDown: boolean;
}

/** A running system. */
export interface System {
  /** The limits that the machine enforces. */
  readonly enforced?: readonly (keyof Limits)[];
  /** Whether an init system runs, if known only after the start; default: the backend's `hasInit`. */
  readonly hasInit?: boolean;
  run(command: Command): Promise<Ended>;
  /** Shuts the system down through its init system, and starts it again from its disk. */
  restart(): Promise<void>;
  /** Writes the current file system to a file for `boot`; the system keeps running. */
  snapshot(file: string): Promise<void>;
  /** Command line that opens a shell in it, for root on this machine. */
  readonly enter?: readonly string[];
  /** Stops all its processes and unmounts its file systems. May be called twice. */
  close(): Promise<void>;
}

/** Answers of the instance metadata service in a system. */
export interface InstanceMetadata {
  readonly instanceId: string;
  readonly region: string;
  readonly accountId: string;
  readonly imageId: string;
  readonly instanceType: string;
}

export interface BootSettings {
  /** The result of `prepare`. */
  readonly root: string;
  /** A file that `snapshot` wrote; default: the root unchanged. */
  readonly from?: string | undefined;
  readonly limits: Limits;
  readonly metadata: InstanceMetadata;
  /** Ends the system immediately. */
  readonly signal: AbortSignal;
  /** Called with console output. */
  readonly onConsole?: (text: string) => void;
}

export interface PrepareSettings extends Pick<BootSettings, "limits"> {
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** An image in its backend's form: a snapshot on top of the prepared root. */
export interface ImageFile extends Pick<BootSettings, "root" | "limits"> {
  readonly from: string;
  readonly signal?: AbortSignal;
}

/** One way to run a system. */
export interface Backend {
  readonly name: BackendName;
  /** What isolates documents from the machine, for the first line of the output. */
  readonly isolation: string;
  /** Whether documents run on a separate kernel. */
  readonly ownKernel: boolean;
  /** Whether an init system runs and starts services. */
  readonly hasInit: boolean;
  /** What the machine lacks, each with its fix; empty if the backend can run. */
  missing(): Promise<string[]>;
  /**
   * Prepares a root file system, using the cache. @returns the `root` for `boot`
   * @throws the signal's reason; leaves no partial files
   */
  prepare(source: RootSource, settings: PrepareSettings): Promise<string>;
  boot(settings: BootSettings): Promise<System>;
  /** Writes an image as a raw UEFI disk; absent if the backend's images have no kernel. */
  writeDisk?(image: ImageFile, file: string): Promise<void>;
}

/** Source of a system's root file system. */
export type RootSource =
  | {
      readonly kind: "os";
      readonly os: string;
      readonly architecture: "x86_64" | "arm64";
      /** With a kernel and a boot loader. */
      readonly bootable?: boolean;
    }
  | { readonly kind: "tar" | "directory"; readonly path: string };

/** The system is not available or ended early. The message says what happened and what to do. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly code = "SystemUnavailable";
}
