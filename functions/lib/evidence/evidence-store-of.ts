import { S3Client } from "@aws-sdk/client-s3";
import type { EvidenceStore } from "../../../adapters/evidence-store.ts";
import type { Step } from "../step.ts";

/** The factory's bucket for evidence. */
export const evidenceStoreOf = ({
  client,
  settings,
}: Pick<Step<"EVIDENCE_BUCKET">, "client" | "settings">): EvidenceStore => ({
  client: client(S3Client),
  bucket: settings.env.EVIDENCE_BUCKET,
});
