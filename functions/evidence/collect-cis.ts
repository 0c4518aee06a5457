import { Inspector2Client } from "@aws-sdk/client-inspector2";
import { readCisResult } from "../../adapters/evidence/cis-results.ts";
import {
  findKept,
  findUpload,
  keepUpload,
  parseJson,
  UploadUnreadable,
} from "../../adapters/evidence/evidence-store.ts";
import { deleteCisScanConfiguration, readCisScan } from "../../adapters/evidence/inspector-cis.ts";
import { testInstanceId, type WorkflowStep } from "../../core/build/workflow-steps.ts";
import {
  type CisResult,
  cisScanName,
  type InspectorScan,
  inspectorScan,
  toCisResult,
} from "../../core/evidence/cis.ts";
import type { Evidence } from "../../core/evidence/evidence.ts";
import { requireImage } from "../../core/factory/require-image.ts";
import { evidenceStoreOf, type Piece, type Subject, type UploadInvocation, uploadFolder } from "./piece.ts";

type Found = Piece<Pick<Evidence, "cis">> & { cisResult?: CisResult };

const NOTHING: Found = { found: {}, sources: [] };

/** The benchmark's result on the test instance, stored permanently. @throws CisResultUnreadable, UploadUnreadable */
export function collectCis(
  subject: Subject,
  steps: readonly WorkflowStep[],
  invocation: UploadInvocation,
): Promise<Found> {
  const instanceId = testInstanceId(steps);
  if (!instanceId) return Promise.resolve(NOTHING);
  const { gate } = requireImage(invocation.settings.factory, subject.image);
  return gate.benchmark?.by === "inspector"
    ? fromInspector(subject, instanceId, invocation)
    : fromUpload(subject, instanceId, invocation);
}

async function fromUpload({ image, build }: Subject, instanceId: string, invocation: UploadInvocation): Promise<Found> {
  const upload = await findUpload(
    evidenceStoreOf(invocation),
    uploadFolder(image, instanceId, invocation),
    "cis-results.xml.gz",
  );
  if (!upload) return NOTHING;
  const cisResult = await readCisResult(upload.key, upload.body);
  return toPiece(cisResult, await keepUpload(evidenceStoreOf(invocation), build, upload, "application/gzip"));
}

const KEPT = "inspector-cis.json";

/** Stored before the scan configuration is deleted, so that a retry finds it. */
async function fromInspector(subject: Subject, instanceId: string, invocation: UploadInvocation): Promise<Found> {
  const inspector = invocation.client(Inspector2Client);
  const found =
    (await findKeptScan(subject, invocation)) ?? (await readCisScan(inspector, cisScanName(instanceId), instanceId));
  if (!found) return NOTHING;
  const body = new TextEncoder().encode(JSON.stringify(found, null, 1));
  const upload = { key: KEPT, body, at: found.scan.date };
  const key = await keepUpload(evidenceStoreOf(invocation), subject.build, upload, "application/json");
  if (found.scan.status !== "IN_PROGRESS") await deleteCisScanConfiguration(inspector, found.scan.configuration);
  return toPiece(toCisResult(found), key);
}

async function findKeptScan({ build }: Subject, invocation: UploadInvocation): Promise<InspectorScan | undefined> {
  const kept = await findKept(evidenceStoreOf(invocation), build, KEPT);
  if (!kept) return undefined;
  const parsed = inspectorScan.safeParse(parseJson(kept));
  if (!parsed.success) throw new UploadUnreadable(kept.key, parsed.error.message);
  return parsed.data.scan.status === "IN_PROGRESS" ? undefined : parsed.data;
}

function toPiece(cisResult: CisResult, key: string): Found {
  const { failed, ...rest } = cisResult;
  return {
    cisResult,
    found: { cis: { ...rest, failures: failed.length, key } },
    sources: [{ piece: "cis", source: key, at: cisResult.endedAt }],
  };
}
