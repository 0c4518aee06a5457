import type { EC2Client } from "@aws-sdk/client-ec2";
import type { ImagebuilderClient } from "@aws-sdk/client-imagebuilder";
import type { Inspector2Client } from "@aws-sdk/client-inspector2";
import type { S3Client } from "@aws-sdk/client-s3";
import type { EvidenceStore } from "../../../adapters/evidence-store.ts";
import type { Evidence, EvidenceSource } from "../../../core/evidence.ts";
import type { BuildArn } from "../../../events/ids.ts";
import type { Step } from "../step.ts";

interface EvidenceClients {
  readonly imageBuilder: ImagebuilderClient;
  readonly s3: S3Client;
  readonly ec2: EC2Client;
  readonly inspector: Inspector2Client;
}

/** What collecting evidence needs. */
export type EvidenceStep = Step<"EVIDENCE_BUCKET", EvidenceClients>;

/** The build whose evidence is collected. */
export interface Subject {
  readonly image: string;
  readonly build: BuildArn;
}

/** A piece of evidence with where it comes from. */
export interface Piece<Found extends Partial<Evidence>> {
  readonly found: Found;
  readonly sources: readonly EvidenceSource[];
}

export const storeOf = ({ clients, settings }: EvidenceStep): EvidenceStore => ({
  client: clients.s3,
  bucket: settings.env.EVIDENCE_BUCKET,
});
