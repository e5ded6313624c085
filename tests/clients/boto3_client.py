"""boto3 against the in-memory DynamoDB: tables, items, pages, transactions, statements and errors."""

import sys
from decimal import Decimal

import boto3
from boto3.dynamodb.conditions import Attr, Key
from botocore.config import Config
from botocore.exceptions import ClientError

URL = sys.argv[1]
# One attempt: a wrong checksum or status must not be hidden by another one.
CONFIG = Config(retries={"total_max_attempts": 1})
client = boto3.client("dynamodb", endpoint_url=URL, config=CONFIG)
resource = boto3.resource("dynamodb", endpoint_url=URL, config=CONFIG)


def error(function, **parameters):
    """The error of a request that must fail."""
    try:
        function(**parameters)
    except ClientError as failure:
        return failure
    raise AssertionError(f"no error: {parameters}")


def check(actual, expected):
    assert actual == expected, f"{actual!r} is not {expected!r}"


def tables():
    client.create_table(
        TableName="Orders",
        KeySchema=[
            {"AttributeName": "customer", "KeyType": "HASH"},
            {"AttributeName": "number", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[
            {"AttributeName": "customer", "AttributeType": "S"},
            {"AttributeName": "number", "AttributeType": "N"},
            {"AttributeName": "status", "AttributeType": "S"},
        ],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "by-status",
                "KeySchema": [{"AttributeName": "status", "KeyType": "HASH"}],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        BillingMode="PAY_PER_REQUEST",
        Tags=[{"Key": "team", "Value": "shop"}],
    )
    client.get_waiter("table_exists").wait(TableName="Orders", WaiterConfig={"Delay": 1, "MaxAttempts": 5})
    table = client.describe_table(TableName="Orders")["Table"]
    check(table["TableArn"], "arn:aws:dynamodb:eu-west-1:123456789012:table/Orders")
    check(table["TableStatus"], "ACTIVE")
    assert table["CreationDateTime"].year >= 2025
    tags = client.list_tags_of_resource(ResourceArn=table["TableArn"])["Tags"]
    check(tags, [{"Key": "team", "Value": "shop"}])
    specification = {"AttributeName": "until", "Enabled": True}
    client.update_time_to_live(TableName="Orders", TimeToLiveSpecification=specification)
    ttl = client.describe_time_to_live(TableName="Orders")["TimeToLiveDescription"]
    check(ttl, {"AttributeName": "until", "TimeToLiveStatus": "ENABLED"})
    check(list(client.get_paginator("list_tables").paginate().search("TableNames")), ["Orders"])


def items():
    table = resource.Table("Orders")
    with table.batch_writer() as batch:
        for number in range(60):
            batch.put_item(
                Item={
                    "customer": "ann" if number % 2 else "bob",
                    "number": number,
                    "status": "open" if number % 10 else "done",
                    "amount": Decimal("1.50") * number,
                    "data": b"\x00\xff",
                    "tags": {"a", "b"},
                    "deep": {"list": [1, "two", None, True, {"x": ""}]},
                }
            )
    item = table.get_item(Key={"customer": "ann", "number": 7})["Item"]
    check(item["amount"], Decimal("10.5"))
    check(item["deep"], {"list": [1, "two", None, True, {"x": ""}]})
    check((item["data"].value, item["tags"]), (b"\x00\xff", {"a", "b"}))
    check("Item" in table.get_item(Key={"customer": "ann", "number": 999}), False)
    updated = table.update_item(
        Key={"customer": "ann", "number": 7},
        UpdateExpression="SET amount = amount + :more REMOVE deep.#list[0] ADD tags :tags",
        ConditionExpression=Attr("status").eq("open") & Attr("deep.list").size().gt(3),
        ExpressionAttributeNames={"#list": "list"},
        ExpressionAttributeValues={":more": 1, ":tags": {"c"}},
        ReturnValues="UPDATED_NEW",
    )["Attributes"]
    check((updated["amount"], updated["tags"]), (Decimal("11.5"), {"a", "b", "c"}))
    removed = table.delete_item(Key={"customer": "ann", "number": 59}, ReturnValues="ALL_OLD")["Attributes"]
    check(removed["number"], 59)


def pages():
    pages = client.get_paginator("query").paginate(
        TableName="Orders",
        KeyConditionExpression="customer = :c AND #n BETWEEN :low AND :high",
        FilterExpression="amount > :t",
        ExpressionAttributeNames={"#n": "number"},
        ExpressionAttributeValues={
            ":c": {"S": "ann"}, ":low": {"N": "5"}, ":high": {"N": "25"}, ":t": {"N": "15"},
        },
        ScanIndexForward=False,
        Limit=3,
    )
    pages = [[item["number"]["N"] for item in page["Items"]] for page in pages]
    check(pages, [["25", "23", "21"], ["19", "17", "15"], ["13", "11"], []])
    table = resource.Table("Orders")
    done = table.query(IndexName="by-status", KeyConditionExpression=Key("status").eq("done"))
    check((done["Count"], set(done["Items"][0])), (6, {"customer", "number", "status"}))
    count = 0
    for segment in range(3):
        for page in client.get_paginator("scan").paginate(TableName="Orders", Segment=segment, TotalSegments=3, Limit=7):
            count += page["Count"]
    check(count, 59)
    keys = [{"customer": {"S": "bob"}, "number": {"N": str(number)}} for number in (0, 2, 1)]
    batch = client.batch_get_item(RequestItems={"Orders": {"Keys": keys, "ProjectionExpression": "amount"}})
    check(batch["Responses"], {"Orders": [{"amount": {"N": "0"}}, {"amount": {"N": "3"}}]})


def transactions():
    key = {"customer": {"S": "ann"}, "number": {"N": "1"}}
    put = {"Put": {"TableName": "Orders", "Item": {"customer": {"S": "new"}, "number": {"N": "1"}}}}
    check_open = {
        "ConditionCheck": {
            "TableName": "Orders", "Key": key, "ConditionExpression": "#s = :s",
            "ExpressionAttributeNames": {"#s": "status"}, "ExpressionAttributeValues": {":s": {"S": "closed"}},
            "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
        }
    }
    failure = error(client.transact_write_items, TransactItems=[put, check_open])
    assert isinstance(failure, client.exceptions.TransactionCanceledException)
    reasons = failure.response["CancellationReasons"]
    check([reason["Code"] for reason in reasons], ["None", "ConditionalCheckFailed"])
    check(reasons[1]["Item"]["number"], {"N": "1"})
    check_open["ConditionCheck"]["ExpressionAttributeValues"][":s"]["S"] = "open"
    answer = client.transact_write_items(TransactItems=[put, check_open], ReturnConsumedCapacity="TOTAL")
    check(answer["ConsumedCapacity"][0]["WriteCapacityUnits"], 4.0)
    gets = [{"Get": {"TableName": "Orders", "Key": {**key, "customer": {"S": name}}}} for name in ("new", "none")]
    responses = client.transact_get_items(TransactItems=gets)["Responses"]
    check(responses, [{"Item": put["Put"]["Item"]}, {}])


def statements():
    select = 'SELECT "number" FROM "Orders" WHERE customer = ?'
    parameters = {"Statement": select, "Parameters": [{"S": "bob"}], "Limit": 20}
    first = client.execute_statement(**parameters)
    second = client.execute_statement(**parameters, NextToken=first["NextToken"])
    check((len(first["Items"]), len(second["Items"]), "NextToken" in second), (20, 10, False))
    client.execute_statement(Statement="INSERT INTO \"Orders\" VALUE {'customer': 'sql', 'number': 1, 'n': 5}")
    failure = error(client.execute_statement, Statement="INSERT INTO Orders VALUE {'customer': 'sql', 'number': 1}")
    assert isinstance(failure, client.exceptions.DuplicateItemException)
    update = "UPDATE Orders SET n = n - 1 WHERE customer = 'sql' AND \"number\" = 1 RETURNING ALL NEW *"
    check(client.execute_statement(Statement=update)["Items"][0]["n"], {"N": "4"})
    batch = client.batch_execute_statement(
        Statements=[
            {"Statement": "SELECT n FROM Orders WHERE customer = 'sql' AND \"number\" = 1"},
            {"Statement": "SELECT n FROM Nowhere WHERE customer = 'sql'"},
        ]
    )["Responses"]
    check((batch[0]["Item"], batch[1]["Error"]["Code"]), ({"n": {"N": "4"}}, "ResourceNotFound"))


def errors():
    failure = error(client.get_item, TableName="Nowhere", Key={"id": {"S": "1"}})
    assert isinstance(failure, client.exceptions.ResourceNotFoundException)
    check(failure.response["Error"]["Message"], "Requested resource not found")
    assert len(failure.response["ResponseMetadata"]["RequestId"]) == 52
    failure = error(client.put_item, TableName="Orders", Item={"customer": {"S": "x"}})
    check(failure.response["Error"]["Code"], "ValidationException")
    check(
        failure.response["Error"]["Message"],
        "One or more parameter values were invalid: Missing the key number in the item",
    )
    failure = error(
        resource.Table("Orders").put_item,
        Item={"customer": "ann", "number": 1},
        ConditionExpression=Attr("customer").not_exists(),
        ReturnValuesOnConditionCheckFailure="ALL_OLD",
    )
    check(failure.response["Error"]["Code"], "ConditionalCheckFailedException")
    assert "Item" in failure.response
    failure = error(client.create_table, TableName="Orders", BillingMode="PAY_PER_REQUEST",
                    KeySchema=[{"AttributeName": "a", "KeyType": "HASH"}],
                    AttributeDefinitions=[{"AttributeName": "a", "AttributeType": "S"}])
    assert isinstance(failure, client.exceptions.ResourceInUseException)
    failure = error(client.create_backup, TableName="Orders", BackupName="backup")
    check(failure.response["Error"]["Code"], "UnknownOperationException")
    client.delete_table(TableName="Orders")
    client.get_waiter("table_not_exists").wait(TableName="Orders", WaiterConfig={"Delay": 1, "MaxAttempts": 5})


for part in (tables, items, pages, transactions, statements, errors):
    part()
