import { KMSClient } from "@aws-sdk/client-kms";
import { S3Client } from "@aws-sdk/client-s3";
import type { Blueprint } from "../../local/deploy/blueprint.ts";
import { patient } from "../open-ledger.ts";

/** Where exports lie, and what signs their manifests. */
export interface ExportsPlace {
  readonly s3: S3Client;
  readonly kms: KMSClient;
  readonly bucket: string;
  /** The signing key's alias. */
  readonly signingKey: string;
}

/** By the current credentials. @throws NoExports */
export function openExports({ buildRegion, resources }: Blueprint): ExportsPlace {
  const named = (name: string) => resources.find((one) => one.name === name)?.inputs;
  const bucket = named("Exports")?.bucket;
  const signingKey = named("ExportsSigningKeyAlias")?.name;
  if (typeof bucket !== "string" || typeof signingKey !== "string") throw new NoExports();
  return { s3: new S3Client(patient(buildRegion)), kms: new KMSClient(patient(buildRegion)), bucket, signingKey };
}

/** Nothing is exported, and nothing that exports is deployed. */
class NoExports extends Error {
  override readonly name = "NoExports";

  constructor() {
    super(
      'No channel of factory.config.ts has exports, such as `exports: { formats: ["vmdk"] }`; ' +
        "after a change there, `npm run blueprint` and a deployment make the bucket.",
    );
  }
}
