import { answered, bytes, type FactoryCall, PRESENT, ref, refused } from "../factory-call.ts";

const account = "111122223333";
const uuid = "624b746d-e080-44ae-8c1d-48e653365a38";
const instance = "i-0123456789abcdef0";
const scan = {
  scanName: "amint-scan",
  securityLevel: "LEVEL_1",
  schedule: { oneTime: {} },
  targets: { accountIds: ["SELF"], targetResourceTags: { Ec2ImageBuilderArn: ["arn:aws:imagebuilder:none"] } },
};
const named = { filterCriteria: { scanNameFilters: [{ comparison: "EQUALS", value: scan.scanName }] } };
const scanArn = ref("scans.scans.0.scanArn");
const noConfiguration = `arn:aws:inspector2:eu-west-1:${account}:owner/${account}/cis-configuration/${uuid}`;
const notFound = { code: "ResourceNotFoundException", status: 404 };
const invalid = { code: "ValidationException", status: 400 };
/** Only an instance that is being scanned has a job. */
const session = { scanJobId: uuid, sessionToken: uuid };

/** AWS added them in January 2024. */
const CIS_CALLS: readonly FactoryCall[] = [
  answered(
    "inspector2:CreateCisScanConfiguration",
    { ...scan, tags: { "amint:factory": "acme" } },
    { scanConfigurationArn: PRESENT },
    { as: "configuration" },
  ),
  refused("inspector2:CreateCisScanConfiguration", { ...scan, securityLevel: "LEVEL_3" }, invalid),
  answered("inspector2:ListCisScans", named, { "scans.0.status": "IN_PROGRESS" }, { as: "scans" }),
  answered(
    "inspector2:ListCisScans",
    named,
    { "scans.0.status": "COMPLETED", "scans.0.totalChecks": 0 },
    { after: 30 },
  ),
  answered(
    "inspector2:ListCisScanResultsAggregatedByTargetResource",
    { scanArn, filterCriteria: { targetResourceIdFilters: [{ comparison: "EQUALS", value: instance }] } },
    { targetResourceAggregations: [] },
  ),
  answered(
    "inspector2:GetCisScanResultDetails",
    { scanArn, accountId: account, targetResourceId: instance },
    { scanResultDetails: [] },
  ),
  refused("inspector2:StartCisSession", { scanJobId: uuid, message: { sessionToken: uuid } }, invalid),
  refused("inspector2:SendCisSessionHealth", session, invalid),
  refused(
    "inspector2:SendCisSessionTelemetry",
    { ...session, messages: [{ ruleId: "1.1.1", status: "PASSED", cisRuleDetails: bytes("detail") }] },
    invalid,
  ),
  refused("inspector2:StopCisSession", { ...session, message: { status: "SUCCESS", progress: {} } }, invalid),
  // Clients that are older than CIS scans know these, and have no configuration to tag.
  refused("inspector2:TagResource", { resourceArn: noConfiguration, tags: { team: "é" } }, notFound),
  refused("inspector2:UntagResource", { resourceArn: noConfiguration, tagKeys: ["team"] }, notFound),
  refused("inspector2:ListTagsForResource", { resourceArn: noConfiguration }, notFound),
  answered(
    "inspector2:DeleteCisScanConfiguration",
    { scanConfigurationArn: ref("configuration.scanConfigurationArn") },
    { scanConfigurationArn: PRESENT },
  ),
  refused(
    "inspector2:DeleteCisScanConfiguration",
    { scanConfigurationArn: ref("configuration.scanConfigurationArn") },
    { code: "ResourceNotFoundException", status: 404 },
  ),
];

/** Amazon Inspector. */
export const INSPECTOR_CALLS: readonly FactoryCall[] = [
  answered("inspector2:Enable", { resourceTypes: ["EC2"] }, { "accounts.0.accountId": account }),
  refused("inspector2:Enable", { resourceTypes: ["MOON"] }, { code: "ValidationException", status: 400 }),
  answered("inspector2:BatchGetAccountStatus", { accountIds: [account] }, { "accounts.0.state.status": "ENABLED" }),
  ...CIS_CALLS.map((call) => ({ ...call, since: 2024 })),
];
