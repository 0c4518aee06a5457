import { createHash } from "node:crypto";
import type { FunctionCode, FunctionCodeLocation } from "@aws-sdk/client-lambda";
import { AwsError, type Call } from "../../engine/operation.ts";
import { BadArchive, unpackArchive } from "../../lambda-runtime/unpack-archive.ts";
import type { LambdaFunction } from "./state.ts";

/** An archive and its folder. */
interface UnpackedCode {
  readonly root: string;
  readonly code: { readonly size: number; readonly sha256: string };
}

type Source = Omit<FunctionCode, "ZipFile"> & { readonly ZipFile?: Uint8Array | undefined };

/**
 * Fetches a function's archive, from S3 with the caller's permissions, and unpacks it.
 * @throws AwsError InvalidParameterValueException; NotImplemented for container images
 */
export async function fetchCode(source: Source, call: Call): Promise<UnpackedCode> {
  const archive = await fetchArchive(source, call);
  try {
    return { root: unpackArchive(archive), code: { size: archive.length, sha256: sha256(archive) } };
  } catch (cause) {
    if (cause instanceof BadArchive) throw refused(cause.message, cause);
    throw cause;
  }
}

async function fetchArchive(source: Source, call: Call): Promise<Uint8Array> {
  const { ZipFile, S3Bucket, S3Key, S3ObjectVersion, ImageUri, SourceKMSKeyArn } = source;
  const unbuilt = (ImageUri && "ImageUri") || (SourceKMSKeyArn && "SourceKMSKeyArn");
  if (unbuilt) throw new AwsError("NotImplemented", `lambda: code by ${unbuilt} is not built in the embedded AWS`);
  if (ZipFile !== undefined) {
    if (S3Bucket === undefined && S3Key === undefined) return ZipFile;
    throw refused("Please do not provide other FunctionCode parameters when providing a ZipFile.");
  }
  if (S3Bucket === undefined || S3Key === undefined) throw refused("Please provide a source for function code.");
  const object = { Bucket: S3Bucket, Key: S3Key, VersionId: S3ObjectVersion };
  const caller = { principal: call.principal, region: call.region };
  try {
    return (await call.aws.call<{ Body: Uint8Array }>("s3", "GetObject", object, caller)).Body;
  } catch (cause) {
    if (!(cause instanceof AwsError) || cause.code === "NotImplemented") throw cause;
    const said = `S3 Error Code: ${cause.code}. S3 Error Message: ${cause.message}`;
    throw refused(
      cause.code === "AccessDenied"
        ? `Your access has been denied by S3, please make sure your request credentials have permission to GetObject for ${S3Bucket}/${S3Key}. ${said}`
        : `Error occurred while GetObject. ${said}`,
      cause,
    );
  }
}

const sha256 = (bytes: Uint8Array): string => createHash("sha256").update(bytes).digest("base64");

const refused = (message: string, cause?: Error): AwsError =>
  new AwsError("InvalidParameterValueException", message, { cause });

/** Where Lambda stores a function's code. Nothing exists at this address. */
export const codeLocation = ({ account, region, name, revisionId }: LambdaFunction): FunctionCodeLocation => ({
  RepositoryType: "S3",
  Location: `https://awslambda-${region}-tasks.s3.${region}.amazonaws.com/snapshots/${account}/${name}-${revisionId}`,
});

/**
 * Refuses runtimes other than Node.js. Their archives can still be deployed.
 * @throws AwsError NotImplemented
 */
export function requireRunnable({ name, runtime }: LambdaFunction): void {
  if (runtime.startsWith("nodejs")) return;
  throw new AwsError(
    "NotImplemented",
    `lambda:Invoke of a function with the runtime ${runtime} is not built in the embedded AWS (function ${name}); it runs Node.js`,
  );
}
