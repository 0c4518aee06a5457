import { ACCOUNT_CALLS } from "./clients/calls/account.ts";
import { BUILD_CALLS } from "./clients/calls/builds.ts";
import { CHANGED_IDENTITY_CALLS } from "./clients/calls/changed-identity.ts";
import { DYNAMODB_CALLS } from "./clients/calls/dynamodb.ts";
import { EVENT_CALLS } from "./clients/calls/events.ts";
import { EXPORT_CALLS } from "./clients/calls/exports.ts";
import { FUNCTION_CALLS } from "./clients/calls/functions.ts";
import { IDENTITY_CALLS } from "./clients/calls/identity.ts";
import { IMAGE_CALLS } from "./clients/calls/images.ts";
import { INSPECTOR_CALLS } from "./clients/calls/inspector.ts";
import { KEY_CALLS } from "./clients/calls/keys.ts";
import { LAUNCH_CALLS } from "./clients/calls/launches.ts";
import { LOG_CALLS, METRIC_CALLS } from "./clients/calls/logs.ts";
import { MACHINE_CALLS } from "./clients/calls/machines.ts";
import { MESSAGING_CALLS } from "./clients/calls/messaging.ts";
import { OBJECT_CALLS } from "./clients/calls/objects.ts";
import { ORGANIZATIONS_CALLS } from "./clients/calls/organizations.ts";
import { PARAMETER_CALLS } from "./clients/calls/parameters.ts";
import { REGISTRY_CALLS } from "./clients/calls/registries.ts";
import { RETIREMENT_CALLS } from "./clients/calls/retirement.ts";
import { SHARING_CALLS } from "./clients/calls/sharing.ts";
import { STACK_CALLS } from "./clients/calls/stacks.ts";
import { TRAIL_CALLS } from "./clients/calls/trails.ts";
import type { FactoryCall } from "./clients/factory-call.ts";

/** Every operation that is used or built, at least once, and errors of each service; in this order. */
export const FACTORY_CALLS: readonly FactoryCall[] = [
  ...IDENTITY_CALLS,
  ...CHANGED_IDENTITY_CALLS,
  ...ACCOUNT_CALLS,
  ...ORGANIZATIONS_CALLS,
  ...DYNAMODB_CALLS,
  ...PARAMETER_CALLS,
  ...KEY_CALLS,
  ...MESSAGING_CALLS,
  ...EVENT_CALLS,
  ...METRIC_CALLS,
  ...LOG_CALLS,
  ...OBJECT_CALLS,
  ...MACHINE_CALLS,
  ...FUNCTION_CALLS,
  ...IMAGE_CALLS,
  ...LAUNCH_CALLS,
  ...RETIREMENT_CALLS,
  ...EXPORT_CALLS,
  ...INSPECTOR_CALLS,
  ...REGISTRY_CALLS,
  ...BUILD_CALLS,
  ...SHARING_CALLS,
  ...STACK_CALLS,
  ...TRAIL_CALLS,
];
