# An image pipeline with what belongs to it, as a user of Terraform writes it: no line is about the embedded AWS.

variable "revision" {
  description = "A second apply with another value changes resources in place."
  type        = number
  default     = 1
}

data "aws_caller_identity" "current" {}
data "aws_partition" "current" {}
data "aws_region" "current" {}

data "aws_vpc" "default" {
  default = true
}

data "aws_subnets" "default" {
  filter {
    name   = "vpc-id"
    values = [data.aws_vpc.default.id]
  }
}

data "aws_ami" "al2023" {
  most_recent = true
  owners      = ["amazon"]
  filter {
    name   = "name"
    values = ["al2023-ami-2023.*-x86_64"]
  }
}

data "aws_iam_policy_document" "assume" {
  for_each = toset(["ec2", "lambda", "states"])
  statement {
    actions = ["sts:AssumeRole"]
    principals {
      type        = "Service"
      identifiers = ["${each.key}.amazonaws.com"]
    }
  }
}

locals {
  name = "golden-web"
  tags = { project = "golden-web", revision = tostring(var.revision) }
}

# Where images are built.

resource "aws_vpc" "builds" {
  cidr_block           = "10.30.0.0/16"
  enable_dns_hostnames = true
  tags                 = merge(local.tags, { Name = local.name })
}

resource "aws_internet_gateway" "builds" {
  vpc_id = aws_vpc.builds.id
  tags   = local.tags
}

resource "aws_subnet" "builds" {
  vpc_id                  = aws_vpc.builds.id
  cidr_block              = cidrsubnet(aws_vpc.builds.cidr_block, 8, 1)
  map_public_ip_on_launch = true
  tags                    = local.tags
}

resource "aws_route_table" "builds" {
  vpc_id = aws_vpc.builds.id
  route {
    cidr_block = "0.0.0.0/0"
    gateway_id = aws_internet_gateway.builds.id
  }
  tags = local.tags
}

resource "aws_route_table_association" "builds" {
  subnet_id      = aws_subnet.builds.id
  route_table_id = aws_route_table.builds.id
}

# What builds images.

resource "aws_iam_role" "builder" {
  name               = "${local.name}-builder"
  assume_role_policy = data.aws_iam_policy_document.assume["ec2"].json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "builder" {
  for_each   = toset(["AmazonSSMManagedInstanceCore", "EC2InstanceProfileForImageBuilder"])
  role       = aws_iam_role.builder.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/${each.key}"
}

resource "aws_iam_instance_profile" "builder" {
  name = "${local.name}-builder"
  role = aws_iam_role.builder.name
  tags = local.tags
}

resource "aws_security_group" "builder" {
  name        = "${local.name}-builder"
  description = "Instances that build images"
  vpc_id      = aws_vpc.builds.id
  tags        = local.tags
}

resource "aws_vpc_security_group_egress_rule" "https" {
  security_group_id = aws_security_group.builder.id
  cidr_ipv4         = "0.0.0.0/0"
  ip_protocol       = "tcp"
  from_port         = 443
  to_port           = 443
}

resource "aws_s3_bucket" "logs" {
  bucket        = "${local.name}-logs-${data.aws_caller_identity.current.account_id}"
  force_destroy = true
  tags          = local.tags
}

resource "aws_s3_bucket_lifecycle_configuration" "logs" {
  bucket = aws_s3_bucket.logs.id
  rule {
    id     = "expire"
    status = "Enabled"
    filter {}
    expiration {
      days = 30
    }
  }
}

resource "aws_imagebuilder_component" "nginx" {
  name     = "${local.name}-nginx"
  platform = "Linux"
  version  = "1.0.0"
  data = yamlencode({
    schemaVersion = 1.0
    phases = [{
      name = "build"
      steps = [{
        name   = "InstallNginx"
        action = "ExecuteBash"
        inputs = { commands = ["dnf install --assumeyes nginx"] }
      }]
    }]
  })
  tags = local.tags
}

resource "aws_imagebuilder_image_recipe" "web" {
  name         = local.name
  version      = "1.0.0"
  parent_image = data.aws_ami.al2023.id

  component {
    component_arn = aws_imagebuilder_component.nginx.arn
  }

  block_device_mapping {
    device_name = "/dev/xvda"
    ebs {
      delete_on_termination = true
      encrypted             = true
      volume_size           = 10
      volume_type           = "gp3"
    }
  }
  tags = local.tags
}

resource "aws_imagebuilder_infrastructure_configuration" "web" {
  name                          = local.name
  description                   = "Revision ${var.revision}"
  instance_profile_name         = aws_iam_instance_profile.builder.name
  instance_types                = ["t3.medium"]
  security_group_ids            = [aws_security_group.builder.id]
  subnet_id                     = aws_subnet.builds.id
  sns_topic_arn                 = aws_sns_topic.builds.arn
  terminate_instance_on_failure = true
  logging {
    s3_logs {
      s3_bucket_name = aws_s3_bucket.logs.bucket
      s3_key_prefix  = "builds"
    }
  }
  tags = local.tags
}

resource "aws_imagebuilder_distribution_configuration" "web" {
  name        = local.name
  description = "Revision ${var.revision}"
  distribution {
    region = data.aws_region.current.name
    ami_distribution_configuration {
      name     = "${local.name}-{{ imagebuilder:buildDate }}"
      ami_tags = { Name = local.name }
      launch_permission {
        user_ids = ["222233334444"]
      }
    }
  }
  tags = local.tags
}

resource "aws_imagebuilder_image_pipeline" "web" {
  name                             = local.name
  description                      = "Revision ${var.revision}"
  image_recipe_arn                 = aws_imagebuilder_image_recipe.web.arn
  infrastructure_configuration_arn = aws_imagebuilder_infrastructure_configuration.web.arn
  distribution_configuration_arn   = aws_imagebuilder_distribution_configuration.web.arn
  schedule {
    schedule_expression = "cron(0 ${2 + var.revision} ? * SUN *)"
    timezone            = "Europe/Zurich"
  }
  tags = local.tags
}

# Who hears of builds.

resource "aws_sns_topic" "builds" {
  name         = "${local.name}-builds"
  display_name = "Revision ${var.revision}"
  tags         = local.tags
}

resource "aws_sqs_queue" "dead_letters" {
  name                      = "${local.name}-dead-letters"
  message_retention_seconds = 86400 * (var.revision + 1)
  tags                      = local.tags
}

resource "aws_sqs_queue" "builds" {
  name                       = "${local.name}-builds"
  visibility_timeout_seconds = 60
  redrive_policy = jsonencode({
    deadLetterTargetArn = aws_sqs_queue.dead_letters.arn
    maxReceiveCount     = 3
  })
  tags = local.tags
}

data "aws_iam_policy_document" "builds" {
  statement {
    actions   = ["sqs:SendMessage"]
    resources = [aws_sqs_queue.builds.arn]
    principals {
      type        = "Service"
      identifiers = ["sns.amazonaws.com"]
    }
    condition {
      test     = "ArnEquals"
      variable = "aws:SourceArn"
      values   = [aws_sns_topic.builds.arn]
    }
  }
}

resource "aws_sqs_queue_policy" "builds" {
  queue_url = aws_sqs_queue.builds.id
  policy    = data.aws_iam_policy_document.builds.json
}

resource "aws_sns_topic_subscription" "builds" {
  topic_arn            = aws_sns_topic.builds.arn
  protocol             = "sqs"
  endpoint             = aws_sqs_queue.builds.arn
  raw_message_delivery = true
  filter_policy        = jsonencode({ status = ["AVAILABLE"] })
}

# What happens after a build.

resource "aws_cloudwatch_log_group" "announce" {
  name              = "/aws/lambda/${local.name}-announce"
  retention_in_days = var.revision == 1 ? 14 : 30
  tags              = local.tags
}

resource "aws_iam_role" "announce" {
  name               = "${local.name}-announce"
  assume_role_policy = data.aws_iam_policy_document.assume["lambda"].json
  tags               = local.tags
}

resource "aws_iam_role_policy_attachment" "announce" {
  role       = aws_iam_role.announce.name
  policy_arn = "arn:${data.aws_partition.current.partition}:iam::aws:policy/service-role/AWSLambdaBasicExecutionRole"
}

resource "aws_lambda_function" "announce" {
  function_name    = "${local.name}-announce"
  description      = "Revision ${var.revision}"
  role             = aws_iam_role.announce.arn
  filename         = "announce-${var.revision}.zip"
  source_code_hash = filebase64sha256("announce-${var.revision}.zip")
  handler          = "index.handler"
  runtime          = "nodejs22.x"
  memory_size      = 128 * var.revision
  timeout          = 10
  environment {
    variables = { TOPIC = aws_sns_topic.builds.arn }
  }
  tags       = local.tags
  depends_on = [aws_cloudwatch_log_group.announce, aws_iam_role_policy_attachment.announce]
}

resource "aws_iam_role" "after_build" {
  name               = "${local.name}-after-build"
  assume_role_policy = data.aws_iam_policy_document.assume["states"].json
  tags               = local.tags
}

data "aws_iam_policy_document" "after_build" {
  statement {
    actions   = ["lambda:InvokeFunction"]
    resources = [aws_lambda_function.announce.arn, "${aws_lambda_function.announce.arn}:*"]
  }
}

resource "aws_iam_role_policy" "after_build" {
  name   = "invoke"
  role   = aws_iam_role.after_build.id
  policy = data.aws_iam_policy_document.after_build.json
}

resource "aws_sfn_state_machine" "after_build" {
  name     = "${local.name}-after-build"
  role_arn = aws_iam_role.after_build.arn
  definition = jsonencode({
    Comment = "Revision ${var.revision}"
    StartAt = "IsAvailable"
    States = {
      IsAvailable = {
        Type    = "Choice"
        Choices = [{ Variable = "$.status", StringEquals = "AVAILABLE", Next = "Settle" }]
        Default = "Failed"
      }
      Settle = { Type = "Wait", Seconds = 1, Next = "Announce" }
      Announce = {
        Type           = "Task"
        Resource       = "arn:${data.aws_partition.current.partition}:states:::lambda:invoke"
        Parameters     = { FunctionName = aws_lambda_function.announce.arn, "Payload.$" = "$" }
        ResultSelector = { "announced.$" = "$.Payload.announced" }
        ResultPath     = "$.announcement"
        Retry          = [{ ErrorEquals = ["Lambda.TooManyRequestsException"], MaxAttempts = 2 }]
        Catch          = [{ ErrorEquals = ["States.ALL"], Next = "Failed" }]
        Next           = "Regions"
      }
      Regions = {
        Type      = "Map"
        ItemsPath = "$.regions"
        ItemProcessor = {
          StartAt = "Note"
          States  = { Note = { Type = "Pass", End = true } }
        }
        ResultPath = "$.noted"
        Next       = "Both"
      }
      Both = {
        Type = "Parallel"
        Branches = [
          { StartAt = "One", States = { One = { Type = "Pass", Result = 1, End = true } } },
          { StartAt = "Two", States = { Two = { Type = "Pass", Result = 2, End = true } } },
        ]
        ResultPath = "$.both"
        Next       = "Done"
      }
      Done   = { Type = "Succeed" }
      Failed = { Type = "Fail", Error = "BuildFailed", Cause = "The image is not available." }
    }
  })
  tags = local.tags
}

resource "aws_cloudwatch_event_rule" "built" {
  name        = "${local.name}-built"
  description = "Revision ${var.revision}"
  event_pattern = jsonencode({
    source        = ["aws.imagebuilder"]
    "detail-type" = ["EC2 Image Builder Image State Change"]
    detail        = { state = { status = ["AVAILABLE", "FAILED"] } }
  })
  tags = local.tags
}

resource "aws_cloudwatch_event_target" "built" {
  rule = aws_cloudwatch_event_rule.built.name
  arn  = aws_lambda_function.announce.arn
  dead_letter_config {
    arn = aws_sqs_queue.dead_letters.arn
  }
}

resource "aws_lambda_permission" "built" {
  statement_id  = "built"
  action        = "lambda:InvokeFunction"
  function_name = aws_lambda_function.announce.function_name
  principal     = "events.amazonaws.com"
  source_arn    = aws_cloudwatch_event_rule.built.arn
}

# What watches all of it.

resource "aws_cloudwatch_metric_alarm" "announce" {
  alarm_name          = "${local.name}-announce"
  alarm_description   = "Revision ${var.revision}"
  namespace           = "AWS/Lambda"
  metric_name         = "Errors"
  dimensions          = { FunctionName = aws_lambda_function.announce.function_name }
  statistic           = "Sum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  treat_missing_data  = "notBreaching"
  alarm_actions       = [aws_sns_topic.builds.arn]
  tags                = local.tags
}

resource "aws_cloudwatch_metric_alarm" "dead_letters" {
  alarm_name          = "${local.name}-dead-letters"
  namespace           = "AWS/SQS"
  metric_name         = "ApproximateNumberOfMessagesVisible"
  dimensions          = { QueueName = aws_sqs_queue.dead_letters.name }
  statistic           = "Maximum"
  period              = 300
  evaluation_periods  = 1
  threshold           = 0
  comparison_operator = "GreaterThanThreshold"
  alarm_actions       = [aws_sns_topic.builds.arn]
  tags                = local.tags
}

output "state_machine" {
  value = aws_sfn_state_machine.after_build.arn
}

output "default_subnets" {
  value = data.aws_subnets.default.ids
}
