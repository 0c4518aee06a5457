import type { Proven } from "../../core/share/decide-proof.ts";
import type { LaunchPermission } from "../../core/share/launch-permission.ts";
import type { planAttributes } from "../../core/share/plan-attributes.ts";
import type { BuildArn } from "../../events/ids.ts";

/** Tags and deprecation date of everything that the factory shares. */
export type Prepared = Parameters<typeof planAttributes>[1];

/**
 * Operations that do not share: they read an AMI or a container image and remove it from consumers. All can be
 * repeated; a missing artifact has no state and needs no removal.
 */
export interface Artifact {
  /** `available`, or why it cannot be used: `disabled`, ...; undefined where it does not exist. */
  readonly findState: () => Promise<string | undefined>;
  /** Who may use it now. */
  readonly readPermission: () => Promise<LaunchPermission>;
  readonly removePermission: (removed: LaunchPermission) => Promise<void>;
  /** Removes one channel's mark. */
  readonly unmark: (build: BuildArn, channel: string) => Promise<void>;
  /** Blocks all use, whatever its permissions. */
  readonly disable: () => Promise<void>;
  /** Allows use again; permissions are not restored. */
  readonly enable: () => Promise<void>;
}

/** How it is shared with consumers. */
export interface Giving {
  /** Sets its tags and attributes before it is shared. @throws where it does not exist */
  readonly prepare: (wanted: Prepared) => Promise<void>;
  readonly addPermission: (added: LaunchPermission) => Promise<void>;
  /** Marks it as being in a channel, before the channel points at it. */
  readonly mark: (build: BuildArn, channel: string) => Promise<void>;
}

/** An artifact that AWS confirmed as a build's. */
export interface ProvenArtifact extends Artifact, Giving {
  readonly id: Proven;
}
