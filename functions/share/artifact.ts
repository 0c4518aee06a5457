import type { Proven } from "../../core/share/decide-proof.ts";
import type { LaunchPermission } from "../../core/share/launch-permission.ts";
import type { planAttributes } from "../../core/share/plan-attributes.ts";
import type { BuildArn } from "../../events/ids.ts";

/** How everything is that the factory gives to people: tags, and the date of its deprecation. */
export type Prepared = Parameters<typeof planAttributes>[1];

/**
 * What the functions do to an artifact, an AMI or a container image, whatever it is: look at it, and take it from
 * consumers. Everything can be done twice; what is gone has no state, and nothing is to be taken from it.
 */
export interface Artifact {
  /** `available`, or why nobody can be given it: `disabled`, ...; undefined where it is gone. */
  readonly findState: () => Promise<string | undefined>;
  /** Who may have it now. */
  readonly readPermission: () => Promise<LaunchPermission>;
  readonly removePermission: (removed: LaunchPermission) => Promise<void>;
  /** Takes the mark of one channel. */
  readonly unmark: (build: BuildArn, channel: string) => Promise<void>;
  /** Nobody is given it any more, whoever may have it. */
  readonly disable: () => Promise<void>;
  /** It can be given again; who could have it does not come back by itself. */
  readonly enable: () => Promise<void>;
}

/** How it is given to consumers. */
export interface Giving {
  /** Sets its tags and attributes before it is shared. @throws where it is gone */
  readonly prepare: (wanted: Prepared) => Promise<void>;
  readonly addPermission: (added: LaunchPermission) => Promise<void>;
  /** Marks it as being in a channel, before the channel points at it. */
  readonly mark: (build: BuildArn, channel: string) => Promise<void>;
}

/** An artifact that AWS confirmed as a build's. */
export interface ProvenArtifact extends Artifact, Giving {
  readonly id: Proven;
}
