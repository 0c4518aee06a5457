import type {
  CisRuleStatus,
  CisScan,
  CisScanConfiguration as CisScanConfigurationOutput,
  CisTargetStatus,
  CisTargetStatusReason,
  ResourceScanType,
} from "@aws-sdk/client-inspector2";
import type { EmbeddedAws } from "../../engine/embedded-aws.ts";
import type { Call } from "../../engine/operation.ts";
import { defineState } from "../../engine/state.ts";
import { notFound } from "./refusals.ts";

/** What one instance's agent reported of one rule. */
export interface CisCheck {
  readonly checkId: string;
  readonly title: string;
  readonly level: 1 | 2;
  readonly status: CisRuleStatus;
  readonly findingId: string;
}

/** What a CIS scan found of one instance. */
export interface CisTarget {
  readonly instanceId: string;
  readonly tags: ReadonlyMap<string, string>;
  readonly platform: string;
  readonly status: CisTargetStatus;
  readonly reason: CisTargetStatusReason | undefined;
  readonly checks: readonly CisCheck[];
}

export interface CisScanRecord {
  /** As ListCisScans answers it, its counts aside. */
  readonly scan: CisScan & Required<Pick<CisScan, "scanArn" | "scanConfigurationArn">>;
  /** Empty until it ends. */
  targets: readonly CisTarget[];
}

/** What an agent on an instance has told so far; the job's id is the key. */
export interface CisSession {
  /** Who the instance is: its role's session. */
  readonly principalArn: string;
  token: string | undefined;
  readonly told: Map<string, CisRuleStatus>;
  stopped: boolean;
}

type CisScanConfiguration = Omit<CisScanConfigurationOutput, "tags"> & { readonly tags: Map<string, string> };

interface InspectorState {
  /** What Amazon Inspector scans; nothing until it is enabled. */
  readonly scanned: Set<ResourceScanType>;
  /** By ARN, in the order they were made. */
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

/** Whether EC2 scanning is on: Image Builder's scans need it, and CIS scans. */
export const scansInstances = (aws: EmbeddedAws, account: string, region: string): boolean =>
  aws.state(inspectorState, account, region).scanned.has("EC2");

/** Whether ECR scanning is on: images are scanned by Inspector then, not by ECR. */
export const scansRepositories = (aws: EmbeddedAws, account: string, region: string): boolean =>
  aws.state(inspectorState, account, region).scanned.has("ECR");
