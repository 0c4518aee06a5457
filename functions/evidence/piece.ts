import { S3Client } from "@aws-sdk/client-s3";
import type { EvidenceStore } from "../../adapters/evidence/evidence-store.ts";
import type { Evidence, EvidenceSource } from "../../core/evidence/evidence.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import type { BuildArn } from "../../events/ids.ts";
import type { Invocation } from "../invocation.ts";

/** The build whose evidence is collected. */
export interface Subject {
  readonly image: string;
  readonly build: BuildArn;
}

/** An invocation that reads an instance's uploads. */
export type UploadInvocation = Invocation<"EVIDENCE_BUCKET" | "AMI_ROLE_ID" | "CONTAINER_ROLE_ID" | "FEED_MIRRORS">;

/** The upload folder that only this instance of a build of this image can write to. */
export function uploadFolder(image: string, instanceId: string, { settings }: UploadInvocation): string {
  const { kind } = requireImage(settings.factory, image);
  return `${kind === "container" ? settings.env.CONTAINER_ROLE_ID : settings.env.AMI_ROLE_ID}:${instanceId}`;
}

/** A piece of evidence with its sources. */
export interface Piece<Found extends Partial<Evidence>> {
  readonly found: Found;
  readonly sources: readonly EvidenceSource[];
}

/** The factory's bucket for evidence. */
export const evidenceStoreOf = ({
  client,
  settings,
}: Pick<Invocation<"EVIDENCE_BUCKET">, "client" | "settings">): EvidenceStore => ({
  client: client(S3Client),
  bucket: settings.env.EVIDENCE_BUCKET,
});
