import { S3Client } from "@aws-sdk/client-s3";
import type { Blueprint } from "embedded-aws/deploy";
import type { EvidenceStore } from "../../adapters/evidence/evidence-store.ts";
import { patient } from "./open-ledger.ts";

/** The deployed factory's evidence bucket, with the current credentials. */
export function openEvidence({ buildRegion, resources }: Blueprint): EvidenceStore {
  const bucket = resources.find(({ name }) => name === "Evidence")?.inputs.bucket;
  if (typeof bucket !== "string") throw new NoEvidenceBucket();
  return { client: new S3Client(patient(buildRegion)), bucket };
}

class NoEvidenceBucket extends Error {
  override readonly name = "NoEvidenceBucket";

  constructor() {
    super("blueprint.json has no evidence bucket; `npx amint blueprint` writes it again.");
  }
}
