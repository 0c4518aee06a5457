import { createStackSet, createStackSetInstance } from "./cloudformation.ts";
import type { Creator } from "./creator.ts";
import { createTable } from "./dynamodb.ts";
import { createEnabler, createRule, createSecurityGroup, createSecurityGroupRule } from "./ec2.ts";
import { createLifecyclePolicy, createRepository, createRepositoryPolicy } from "./ecr.ts";
import { createEventBus, createEventBusPolicy, createEventRule, createEventTarget } from "./events.ts";
import {
  createAlias,
  createInstanceProfile,
  createKey,
  createParameter,
  createPolicy,
  createRole,
  createRolePolicy,
  createRolePolicyAttachment,
} from "./iam.ts";
import { createContainerRecipe, createImagePipeline, createImageRecipe } from "./image-pipeline.ts";
import { createComponent, createDistributionConfiguration, createInfrastructureConfiguration } from "./imagebuilder.ts";
import {
  createDashboard,
  createEventInvokeConfig,
  createFunction,
  createFunctionUrl,
  createMetricAlarm,
  createPermission,
  createStateMachine,
} from "./lambda.ts";
import {
  createBucket,
  createBucketPolicy,
  createCors,
  createEncryption,
  createLifecycle,
  createOwnershipControls,
  createPublicAccessBlock,
  createVersioning,
} from "./s3.ts";
import { createSchedule, createScheduleGroup } from "./scheduler.ts";
import { createTopic, createTopicPolicy, createTopicSubscription } from "./sns.ts";
import { createQueue, createQueuePolicy } from "./sqs.ts";

/** How each Pulumi type is created, in the order that AWS needs where no reference says it. */
export const CREATORS: Readonly<Record<string, Creator>> = {
  "aws:kms/key:Key": createKey,
  "aws:kms/alias:Alias": createAlias,
  "aws:ec2/securityGroup:SecurityGroup": createSecurityGroup,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": createSecurityGroupRule("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": createSecurityGroupRule("Ingress"),
  "aws:iam/policy:Policy": createPolicy,
  "aws:iam/role:Role": createRole,
  "aws:iam/rolePolicy:RolePolicy": createRolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": createRolePolicyAttachment,
  "aws:iam/instanceProfile:InstanceProfile": createInstanceProfile,
  "aws:sqs/queue:Queue": createQueue,
  "aws:sqs/queuePolicy:QueuePolicy": createQueuePolicy,
  "aws:sns/topic:Topic": createTopic,
  "aws:sns/topicPolicy:TopicPolicy": createTopicPolicy,
  "aws:s3/bucket:Bucket": createBucket,
  "aws:s3/bucketV2:BucketV2": createBucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": createOwnershipControls,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": createPublicAccessBlock,
  "aws:s3/bucketVersioning:BucketVersioning": createVersioning,
  "aws:s3/bucketVersioningV2:BucketVersioningV2": createVersioning,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": createEncryption,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": createEncryption,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": createLifecycle,
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": createLifecycle,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": createCors,
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": createCors,
  "aws:s3/bucketPolicy:BucketPolicy": createBucketPolicy,
  "aws:dynamodb/table:Table": createTable,
  "aws:ssm/parameter:Parameter": createParameter,
  "aws:inspector2/enabler:Enabler": createEnabler,
  "aws:rbin/rule:Rule": createRule,
  "aws:ecr/repository:Repository": createRepository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": createRepositoryPolicy,
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": createLifecyclePolicy,
  "aws:imagebuilder/component:Component": createComponent,
  "aws:imagebuilder/imageRecipe:ImageRecipe": createImageRecipe,
  "aws:imagebuilder/containerRecipe:ContainerRecipe": createContainerRecipe,
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": createInfrastructureConfiguration,
  "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": createDistributionConfiguration,
  "aws:imagebuilder/imagePipeline:ImagePipeline": createImagePipeline,
  "aws:lambda/function:Function": createFunction,
  "aws:lambda/functionUrl:FunctionUrl": createFunctionUrl,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": createEventInvokeConfig,
  "aws:sfn/stateMachine:StateMachine": createStateMachine,
  "aws:cloudwatch/eventBus:EventBus": createEventBus,
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": createEventBusPolicy,
  "aws:cloudwatch/eventRule:EventRule": createEventRule,
  "aws:lambda/permission:Permission": createPermission,
  "aws:cloudwatch/eventTarget:EventTarget": createEventTarget,
  "aws:sns/topicSubscription:TopicSubscription": createTopicSubscription,
  "aws:scheduler/scheduleGroup:ScheduleGroup": createScheduleGroup,
  "aws:scheduler/schedule:Schedule": createSchedule,
  "aws:cloudwatch/metricAlarm:MetricAlarm": createMetricAlarm,
  "aws:cloudwatch/dashboard:Dashboard": createDashboard,
  "aws:cloudformation/stackSet:StackSet": createStackSet,
  "aws:cloudformation/stackSetInstance:StackSetInstance": createStackSetInstance,
};

/** Types that nothing here acts on, and why. */
export const WITHOUT_EFFECT: Readonly<Record<string, string>> = {
  "aws:cloudwatch/logGroup:LogGroup": "the embedded AWS keeps no logs",
};
