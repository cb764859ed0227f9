using Countersign.Replay;

return await ReplayCommand.Create().Parse(args).InvokeAsync();
