import type {
  CisRuleStatus,
  CisScan,
  CisScanConfiguration as CisScanConfigurationOutput,
  CisTargetStatus,
  CisTargetStatusReason,
  ResourceScanType,
} from "@aws-sdk/client-inspector2";
import { defineState, type EmbeddedAws } from "../../engine/embedded-aws.ts";
import { AwsError, type Call } from "../../engine/operation.ts";

/** The result of one rule on one instance. */
export interface CisCheck {
  readonly checkId: string;
  readonly title: string;
  readonly level: 1 | 2;
  readonly status: CisRuleStatus;
  readonly findingId: string;
}

/** The results of a CIS scan for one instance. */
export interface CisTarget {
  readonly instanceId: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly platform: string;
  readonly status: CisTargetStatus;
  readonly reason: CisTargetStatusReason | undefined;
  readonly checks: readonly CisCheck[];
}

export interface CisScanRecord {
  /** As in ListCisScans, without its counts. */
  readonly scan: CisScan & Required<Pick<CisScan, "scanArn" | "scanConfigurationArn">>;
  /** Empty until it ends. */
  targets: readonly CisTarget[];
}

/** What an instance's agent has reported so far; the key is the job's id. */
export interface CisSession {
  /** The instance's principal: its role's session. */
  readonly principalArn: string;
  token: string | undefined;
  readonly told: Map<string, CisRuleStatus>;
  stopped: boolean;
}

type CisScanConfiguration = Omit<CisScanConfigurationOutput, "tags"> & { readonly tags: Map<string, string> };

interface InspectorState {
  /** The resource types that Amazon Inspector scans; empty until it is enabled. */
  readonly scanned: Set<ResourceScanType>;
  /** By ARN, in the order of creation. */
  readonly cisConfigurations: Map<string, CisScanConfiguration>;
  readonly cisScans: Map<string, CisScanRecord>;
  readonly cisSessions: Map<string, CisSession>;
}

/** Amazon Inspector in one account and region. */
export const inspectorState = defineState<InspectorState>("inspector2", () => ({
  scanned: new Set(),
  cisConfigurations: new Map(),
  cisScans: new Map(),
  cisSessions: new Map(),
}));

/** @throws AwsError ResourceNotFoundException */
export function requireConfiguration({ aws, account, region }: Call, arn: string): CisScanConfiguration {
  const found = aws.state(inspectorState, account, region).cisConfigurations.get(arn);
  if (found) return found;
  throw notFound(`The CIS scan configuration ${arn} does not exist.`);
}

/** Whether EC2 scanning is enabled: Image Builder's scans and CIS scans need it. */
export const scansInstances = (aws: EmbeddedAws, account: string, region: string): boolean =>
  aws.state(inspectorState, account, region).scanned.has("EC2");

/** Whether ECR scanning is enabled: then Inspector scans images instead of ECR. */
export const scansRepositories = (aws: EmbeddedAws, account: string, region: string): boolean =>
  aws.state(inspectorState, account, region).scanned.has("ECR");

/** Errors that several operations share (Amazon Inspector API reference, the operations' "Errors"). */

export const badRequest = (message: string): AwsError => new AwsError("ValidationException", message);

export const accessDenied = (message: string): AwsError =>
  new AwsError("AccessDeniedException", message, { status: 403 });

const notFound = (message: string): AwsError => new AwsError("ResourceNotFoundException", message);

export const conflict = (message: string): AwsError => new AwsError("ConflictException", message);
