import { createHash } from "node:crypto";
import type { BuildArn } from "../../events/ids.ts";
import { buildVersion } from "../build-arn.ts";
import type { ExportRecord } from "./export-record.ts";
import type { ExportFormat } from "./formats.ts";

/** Where EC2 writes; what lies there was not checked yet. */
export const STAGING = "staging/";

/** `al2023-base/1.24.7/3/` */
const folderOf = (image: string, build: BuildArn): string => `${image}/${buildVersion(build)}/`;

/** `al2023-base/1.24.7/3/acme-al2023-base-1.24.7-3.vmdk`, in the bucket of the stack. */
export const fileKey = (factory: string, { image, build }: Named, format: ExportFormat): string =>
  `${folderOf(image, build)}${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}.${format}`;

/** What is said of a file, and the signature of that. */
export const manifestKey = (key: string): string => `${key}.json`;
export const signatureKey = (key: string): string => `${key}.json.sig`;

/** The AMI of the copy that is not encrypted: one for each attempt, so that it is found again after a crash. */
export const plainName = (factory: string, { image, build, attempt }: Named & Pick<ExportRecord, "attempt">): string =>
  `${factory}-${image}-${buildVersion(build).replaceAll("/", "-")}-export-${attempt}`;

type Named = Pick<ExportRecord, "image" | "build">;

/** The same for each repetition of one effect of one attempt (64 characters, the EBS direct APIs' limit). */
export const effectToken = (build: BuildArn, attempt: number, effect: string): string =>
  createHash("sha256").update(`${build} ${attempt} ${effect}`).digest("hex");
