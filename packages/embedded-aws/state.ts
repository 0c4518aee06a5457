/** Internal state, for tests: AWS has no operation that shows or changes it. */
export { type RecordedCall, type RecordedEvent, recordAws, recordsOf } from "./src/admin/records.ts";
export { autoScalingState } from "./src/services/autoscaling/state.ts";
export { diskOf } from "./src/services/ebs/blocks.ts";
export { findImage } from "./src/services/ec2/find-image.ts";
export { findSnapshot } from "./src/services/ec2/find-snapshot.ts";
export { instancesState } from "./src/services/ec2/instances/instance.ts";
export { templatesState } from "./src/services/ec2/launch-templates/launch-template.ts";
export { ec2State, type Image } from "./src/services/ec2/state.ts";
export { reportsState, type UsageReport } from "./src/services/ec2/usage-reports/usage-report.ts";
export type { ImageRecord } from "./src/services/imagebuilder/state.ts";
export { builderState } from "./src/services/imagebuilder/state.ts";
export { eventsIn } from "./src/services/logs/keep-events.ts";
export { findFaults } from "./src/services/monitoring/dashboards.ts";
export { organizationWith } from "./src/services/organizations/state.ts";
export { parseExpression } from "./src/services/scheduler/expression.ts";
export { setQuota } from "./src/services/servicequotas/state.ts";
export { type Sent, sentFrom } from "./src/services/sns/outbox.ts";
export { ssmState } from "./src/services/ssm/state.ts";
