/** Where documents can run: `--in`. */
export const backendNames = ["namespaces", "bubblewrap", "docker", "podman", "vm"] as const;
export type BackendName = (typeof backendNames)[number];

/** What a system may use of the machine. */
export interface Limits {
  readonly memoryMiB: number;
  readonly processes: number;
  /** What documents may write. */
  readonly diskMiB: number;
}

export interface Command {
  /** Of bash, run by root. */
  readonly script: string;
  /** Standard input; left out: empty. */
  readonly input?: Uint8Array | AsyncIterable<Uint8Array> | undefined;
  readonly env?: Readonly<Record<string, string>>;
  /** When it fires, every process that the command started is killed. */
  readonly signal?: AbortSignal;
  /** Called as output arrives. */
  readonly onOutput?: (chunk: Uint8Array, from: "stdout" | "stderr") => void;
}

export interface Ended {
  /** 128 and the signal's number where a signal ended it. */
  readonly exitCode: number;
  /** Whether the whole system went down before the command ended. */
  readonly systemDown: boolean;
}

/** A running system. */
export interface System {
  /** The limits that the machine enforces. */
  readonly enforced?: readonly (keyof Limits)[];
  /** Whether an init system runs, where only its start shows it; left out: as the backend says. */
  readonly hasInit?: boolean;
  run(command: Command): Promise<Ended>;
  /** Stops it as its init system does, and starts it again from its disk. */
  restart(): Promise<void>;
  /** Writes its file system, as it is now, to a file that `boot` takes; the system goes on running. */
  snapshot(file: string): Promise<void>;
  /** The command line, for root of this machine, that opens a shell in it. */
  readonly enter?: readonly string[];
  /** Afterwards nothing of it runs or is mounted. May be called twice. */
  close(): Promise<void>;
}

/** What the instance metadata service says in a system. */
export interface InstanceMetadata {
  readonly instanceId: string;
  readonly region: string;
  readonly accountId: string;
  readonly imageId: string;
  readonly instanceType: string;
}

export interface BootSettings {
  /** What `prepare` returned. */
  readonly root: string;
  /** What `snapshot` wrote; left out: the root as it is. */
  readonly from?: string | undefined;
  readonly limits: Limits;
  readonly metadata: InstanceMetadata;
  /** Ends everything at once. */
  readonly signal: AbortSignal;
  /** Called with what the system prints on its console. */
  readonly onConsole?: (text: string) => void;
}

export interface PrepareSettings extends Pick<BootSettings, "limits"> {
  readonly progress: (line: string) => void;
  readonly signal?: AbortSignal;
}

/** An image, as its backend keeps it: what `snapshot` wrote, over what `prepare` returned. */
export interface ImageFile extends Pick<BootSettings, "root" | "limits"> {
  readonly from: string;
  readonly signal?: AbortSignal;
}

/** One way to have a system. */
export interface Backend {
  readonly name: BackendName;
  /** What stands between a document and the machine, for the first line of the output. */
  readonly isolation: string;
  /** Whether documents have a kernel of their own. */
  readonly ownKernel: boolean;
  /** Whether an init system runs, which starts services. */
  readonly hasInit: boolean;
  /** What the machine lacks, each with its fix; empty where the backend can run. */
  missing(): Promise<string[]>;
  /**
   * Makes a root file system ready, from the cache where it is there already; what it returns is for `boot`.
   * @throws the signal's reason; nothing half made is left
   */
  prepare(source: RootSource, settings: PrepareSettings): Promise<string>;
  boot(settings: BootSettings): Promise<System>;
  /** Writes an image as a raw disk that boots by UEFI; left out: its images have no kernel. */
  writeDisk?(image: ImageFile, file: string): Promise<void>;
}

/** Where a system's first file system comes from. */
export type RootSource =
  | {
      readonly kind: "os";
      readonly os: string;
      readonly architecture: "x86_64" | "arm64";
      /** With a kernel and a boot loader. */
      readonly bootable?: boolean;
    }
  | { readonly kind: "tar" | "directory"; readonly path: string };

/** The system is not available, or ended early: what happened, and what to do. */
export class SystemError extends Error {
  override readonly name = "SystemError";
  readonly code = "SystemUnavailable";
}
