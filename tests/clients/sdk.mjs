// The AWS SDK for JavaScript against the in-memory DynamoDB: tables, items, pages, transactions, statements, errors.

import assert from 'node:assert/strict';

import * as ddb from '@aws-sdk/client-dynamodb';
import * as lib from '@aws-sdk/lib-dynamodb';

// One attempt: a wrong checksum or status must not be hidden by another one.
const client = new ddb.DynamoDBClient({ endpoint: process.argv[2], maxAttempts: 1 });
const documents = lib.DynamoDBDocumentClient.from(client);
const TableName = 'Readings';

async function collect(pages, member = 'Items') {
    const lists = [];
    for await (const page of pages) lists.push(page[member] ?? []);
    return lists;
}

async function tables() {
    await client.send(new ddb.CreateTableCommand({
        TableName,
        KeySchema: [
            { AttributeName: 'sensor', KeyType: 'HASH' },
            { AttributeName: 'at', KeyType: 'RANGE' },
        ],
        AttributeDefinitions: [
            { AttributeName: 'sensor', AttributeType: 'S' },
            { AttributeName: 'at', AttributeType: 'N' },
            { AttributeName: 'kind', AttributeType: 'S' },
        ],
        LocalSecondaryIndexes: [{
            IndexName: 'by-kind',
            KeySchema: [
                { AttributeName: 'sensor', KeyType: 'HASH' },
                { AttributeName: 'kind', KeyType: 'RANGE' },
            ],
            Projection: { ProjectionType: 'ALL' },
        }],
        ProvisionedThroughput: { ReadCapacityUnits: 5, WriteCapacityUnits: 5 },
    }));
    await ddb.waitUntilTableExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 }, { TableName });
    const { Table } = await client.send(new ddb.DescribeTableCommand({ TableName }));
    assert.equal(Table.TableArn, 'arn:aws:dynamodb:eu-west-1:123456789012:table/Readings');
    assert.ok(Table.CreationDateTime instanceof Date);
    assert.deepEqual(await collect(ddb.paginateListTables({ client }, {}), 'TableNames'), [[TableName]]);
    await client.send(new ddb.UpdateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST' }));
    const { Endpoints } = await client.send(new ddb.DescribeEndpointsCommand({}));
    assert.equal(Endpoints.length, 1);
}

async function items() {
    for (let start = 0; start < 50; start += 25) {
        const requests = Array.from({ length: 25 }, (_, index) => ({
            PutRequest: {
                Item: {
                    sensor: 's1', at: start + index, kind: index % 5 ? 'warm' : 'cold', value: index / 4,
                    raw: new Uint8Array([index]), flags: new Set(['x', 'y']), deep: { steps: [null, true, { a: '' }] },
                },
            },
        }));
        const { UnprocessedItems } = await documents.send(
            new lib.BatchWriteCommand({ RequestItems: { [TableName]: requests } }));
        assert.deepEqual(UnprocessedItems, {});
    }
    const Key = { sensor: 's1', at: 3 };
    const { Item } = await documents.send(new lib.GetCommand({ TableName, Key }));
    assert.deepEqual(Item, {
        sensor: 's1', at: 3, kind: 'warm', value: 0.75, raw: new Uint8Array([3]), flags: new Set(['x', 'y']),
        deep: { steps: [null, true, { a: '' }] },
    });
    const { Attributes } = await documents.send(new lib.UpdateCommand({
        TableName, Key,
        UpdateExpression: 'SET #v = #v + :one, deep.steps[1] = :one DELETE flags :flags',
        ConditionExpression: 'attribute_exists(sensor) AND contains(flags, :x)',
        ExpressionAttributeNames: { '#v': 'value' },
        ExpressionAttributeValues: { ':one': 1, ':flags': new Set(['y']), ':x': 'x' },
        ReturnValues: 'ALL_NEW',
    }));
    assert.equal(Attributes.value, 1.75);
    assert.deepEqual(Attributes.flags, new Set(['x']));
}

async function pages() {
    const query = lib.paginateQuery({ client: documents, pageSize: 4 }, {
        TableName, IndexName: 'by-kind',
        KeyConditionExpression: 'sensor = :s AND begins_with(kind, :k)',
        ExpressionAttributeValues: { ':s': 's1', ':k': 'co' },
    });
    const lists = await collect(query);
    assert.deepEqual(lists.map((list) => list.length), [4, 4, 2]);
    const scans = await Promise.all([0, 1].map((Segment) =>
        collect(lib.paginateScan({ client: documents, pageSize: 20 }, { TableName, Segment, TotalSegments: 2 }))));
    assert.equal(scans.flat(2).length, 50);
    const { Responses } = await documents.send(new lib.BatchGetCommand({
        RequestItems: { [TableName]: { Keys: [{ sensor: 's1', at: 1 }, { sensor: 's1', at: 99 }] } },
    }));
    assert.deepEqual(Responses[TableName].map((item) => item.at), [1]);
}

async function transactions() {
    const put = (at) => ({ Put: { TableName, Item: { sensor: 's2', at } } });
    const check = (expression) => ({
        ConditionCheck: { TableName, Key: { sensor: 's1', at: 0 }, ConditionExpression: expression },
    });
    await assert.rejects(
        documents.send(new lib.TransactWriteCommand({
            TransactItems: [put(1), check('attribute_not_exists(sensor)')],
        })),
        (error) => {
            assert.ok(error instanceof ddb.TransactionCanceledException);
            assert.deepEqual(error.CancellationReasons.map((reason) => reason.Code), ['None', 'ConditionalCheckFailed']);
            return true;
        });
    await documents.send(new lib.TransactWriteCommand({ TransactItems: [put(1), check('attribute_exists(sensor)')] }));
    const { Responses } = await documents.send(new lib.TransactGetCommand({
        TransactItems: [{ Get: { TableName, Key: { sensor: 's2', at: 1 } } }],
    }));
    assert.deepEqual(Responses, [{ Item: { sensor: 's2', at: 1 } }]);
}

async function statements() {
    const Statement = `SELECT "at" FROM "${TableName}" WHERE sensor = ? AND "at" < 5`;
    const { Items } = await documents.send(new lib.ExecuteStatementCommand({ Statement, Parameters: ['s1'] }));
    assert.deepEqual(Items.map((item) => item.at), [0, 1, 2, 3, 4]);
    await client.send(new ddb.ExecuteTransactionCommand({
        TransactStatements: [
            { Statement: `INSERT INTO "${TableName}" VALUE {'sensor': 's3', 'at': 1}` },
            { Statement: `UPDATE "${TableName}" SET kind = 'hot' WHERE sensor = 's2' AND "at" = 1` },
        ],
    }));
}

async function errors() {
    const missing = client.send(new ddb.GetItemCommand({ TableName: 'Nowhere', Key: { id: { S: '1' } } }));
    await assert.rejects(missing, (error) => {
        assert.ok(error instanceof ddb.ResourceNotFoundException);
        assert.equal(error.message, 'Requested resource not found');
        assert.equal(error.$metadata.requestId.length, 52);
        return true;
    });
    const failed = documents.send(new lib.PutCommand({
        TableName, Item: { sensor: 's1', at: 0 }, ConditionExpression: 'attribute_not_exists(sensor)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
    }));
    await assert.rejects(failed, (error) => {
        assert.ok(error instanceof ddb.ConditionalCheckFailedException);
        assert.ok(error.Item);
        return true;
    });
    const invalid = client.send(new ddb.ScanCommand({ TableName, FilterExpression: 'status = :x' }));
    await assert.rejects(invalid, {
        name: 'ValidationException',
        message: 'Invalid FilterExpression: Attribute name is a reserved keyword; reserved keyword: status',
    });
    await client.send(new ddb.DeleteTableCommand({ TableName }));
    await ddb.waitUntilTableNotExists({ client, minDelay: 1, maxDelay: 1, maxWaitTime: 10 }, { TableName });
}

for (const part of [tables, items, pages, transactions, statements, errors]) await part();
client.destroy();
