const vscode = require('vscode');

exports.activate = (context) => {
    const editor = {
        resolveCustomTextEditor(_document, panel) {
            panel.webview.html = '<h1>Rival</h1>';
        },
    };
    context.subscriptions.push(vscode.window.registerCustomEditorProvider('rival.machine', editor));
};
