import { createHash } from "node:crypto";
import { stackSet, stackSetInstance } from "./cloudformation.ts";
import { table } from "./dynamodb.ts";
import { enabler, recycleBinRule, securityGroup, securityGroupRule } from "./ec2.ts";
import { lookUpAmi, lookUpSecurityGroup, lookUpSubnet, lookUpVpc } from "./ec2-lookups.ts";
import { lifecyclePolicy, repository, repositoryPolicy } from "./ecr.ts";
import { eventBus, eventBusPolicy, eventRule, eventTarget } from "./events.ts";
import { instanceProfile, policy, role, rolePolicy, rolePolicyAttachment } from "./iam.ts";
import { containerRecipe, imagePipeline, imageRecipe } from "./image-pipeline.ts";
import { component, distributionConfiguration, infrastructureConfiguration } from "./imagebuilder.ts";
import { alias, key } from "./kms.ts";
import { eventInvokeConfig, functionUrl, lambdaFunction, permission, recursionConfig } from "./lambda.ts";
import { dashboard, logGroup, metricAlarm } from "./monitoring.ts";
import type { ResourceType } from "./resource-type.ts";
import {
  bucket,
  bucketPolicy,
  cors,
  encryption,
  lifecycle,
  ownershipControls,
  publicAccessBlock,
  versioning,
} from "./s3.ts";
import { schedule, scheduleGroup } from "./scheduler.ts";
import { topic, topicPolicy, topicSubscription } from "./sns.ts";
import { queue, queuePolicy } from "./sqs.ts";
import { parameter } from "./ssm.ts";
import { stateMachine } from "./states.ts";

/** Drawn when it is created, and kept until its keepers change. */
const randomInteger: ResourceType = {
  async create(inputs, site) {
    const [min, max] = [inputs.number("min") ?? 0, inputs.number("max") ?? 0];
    if (max < min) throw new Error(`max must be at least min, found ${max} and ${min}`);
    inputs.textMap("keepers");
    const drawn = createHash("sha256").update(site.aws.uuid()).digest().readUIntBE(0, 6);
    const result = String(min + (drawn % (max - min + 1)));
    return { id: result, result };
  },
  delete: async () => undefined,
};

/**
 * How each Pulumi type is managed, in the order that AWS needs, for blueprints that do not state their dependencies.
 * What replaces a resource follows the schema of the AWS provider 6.x, which @pulumi/aws 7 bridges.
 */
export const RESOURCE_TYPES: Readonly<Record<string, ResourceType>> = {
  "random:index/randomInteger:RandomInteger": randomInteger,
  "aws:kms/key:Key": key,
  "aws:kms/alias:Alias": alias,
  "aws:ec2/getAmi:getAmi": lookUpAmi,
  "aws:ec2/getVpc:getVpc": lookUpVpc,
  "aws:ec2/getSubnet:getSubnet": lookUpSubnet,
  "aws:ec2/getSecurityGroup:getSecurityGroup": lookUpSecurityGroup,
  "aws:ec2/securityGroup:SecurityGroup": securityGroup,
  "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule": securityGroupRule("Egress"),
  "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule": securityGroupRule("Ingress"),
  "aws:iam/policy:Policy": policy,
  "aws:iam/role:Role": role,
  "aws:iam/rolePolicy:RolePolicy": rolePolicy,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": rolePolicyAttachment,
  "aws:iam/instanceProfile:InstanceProfile": instanceProfile,
  "aws:cloudwatch/logGroup:LogGroup": logGroup,
  "aws:sqs/queue:Queue": queue,
  "aws:sqs/queuePolicy:QueuePolicy": queuePolicy,
  "aws:sns/topic:Topic": topic,
  "aws:sns/topicPolicy:TopicPolicy": topicPolicy,
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": ownershipControls,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": publicAccessBlock,
  "aws:s3/bucketVersioning:BucketVersioning": versioning,
  "aws:s3/bucketVersioningV2:BucketVersioningV2": versioning,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": encryption,
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2": encryption,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": lifecycle,
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2": lifecycle,
  "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration": cors,
  "aws:s3/bucketCorsConfigurationV2:BucketCorsConfigurationV2": cors,
  "aws:s3/bucketPolicy:BucketPolicy": bucketPolicy,
  "aws:dynamodb/table:Table": table,
  "aws:ssm/parameter:Parameter": parameter,
  "aws:inspector2/enabler:Enabler": enabler,
  "aws:rbin/rule:Rule": recycleBinRule,
  "aws:ecr/repository:Repository": repository,
  "aws:ecr/repositoryPolicy:RepositoryPolicy": repositoryPolicy,
  "aws:ecr/lifecyclePolicy:LifecyclePolicy": lifecyclePolicy,
  "aws:imagebuilder/component:Component": component,
  "aws:imagebuilder/imageRecipe:ImageRecipe": imageRecipe,
  "aws:imagebuilder/containerRecipe:ContainerRecipe": containerRecipe,
  "aws:imagebuilder/infrastructureConfiguration:InfrastructureConfiguration": infrastructureConfiguration,
  "aws:imagebuilder/distributionConfiguration:DistributionConfiguration": distributionConfiguration,
  "aws:imagebuilder/imagePipeline:ImagePipeline": imagePipeline,
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionUrl:FunctionUrl": functionUrl,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": eventInvokeConfig,
  "aws:lambda/functionRecursionConfig:FunctionRecursionConfig": recursionConfig,
  "aws:sfn/stateMachine:StateMachine": stateMachine,
  "aws:cloudwatch/eventBus:EventBus": eventBus,
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": eventBusPolicy,
  "aws:cloudwatch/eventRule:EventRule": eventRule,
  "aws:lambda/permission:Permission": permission,
  "aws:cloudwatch/eventTarget:EventTarget": eventTarget,
  "aws:sns/topicSubscription:TopicSubscription": topicSubscription,
  "aws:scheduler/scheduleGroup:ScheduleGroup": scheduleGroup,
  "aws:scheduler/schedule:Schedule": schedule,
  "aws:cloudwatch/metricAlarm:MetricAlarm": metricAlarm,
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  "aws:cloudformation/stackSet:StackSet": stackSet,
  "aws:cloudformation/stackSetInstance:StackSetInstance": stackSetInstance,
};
