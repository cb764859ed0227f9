namespace Countersign.Cascade.Validators.Texts;

/// <summary>How models begin when they decline, in several languages. Compared by letters only, in lower case.</summary>
internal static class RefusalBeginnings
{
    public static IReadOnlyList<string> Known { get; } =
    [
        "I cannot help with", "I can't help with", "I cannot assist", "I can't assist", "I cannot provide", "I can't provide", "I cannot fulfill", "I can't fulfill", "I cannot comply", "I can't comply",
        "I'm unable to help", "I am unable to help", "I'm unable to assist", "I am unable to assist", "I'm unable to provide", "I am unable to provide", "I'm not able to help", "I am not able to help", "I'm not able to assist", "I'm not able to provide",
        "I'm sorry, but I can't", "I'm sorry, but I cannot", "I'm sorry, I can't", "I'm sorry, I cannot", "I am sorry, but I can't", "I am sorry, but I cannot", "I'm sorry, but I'm unable", "I'm sorry, but I am unable", "I'm sorry, but I'm not able",
        "Sorry, but I can't", "Sorry, but I cannot", "Sorry, I can't", "Sorry, I cannot", "I apologize, but I can't", "I apologize, but I cannot", "I apologize, but I'm unable", "I apologise, but I cannot", "Unfortunately, I can't", "Unfortunately, I cannot",
        "I must decline", "I have to decline", "I won't be able to", "I will not be able to", "As an AI language model, I can't", "As an AI language model, I cannot", "As an AI, I can't", "As an AI, I cannot",
        "Es tut mir leid, aber ich kann", "Tut mir leid, aber ich kann", "Ich kann Ihnen dabei nicht", "Ich kann dir dabei nicht", "Je suis désolé, mais je ne peux", "Je ne peux pas vous aider", "Désolé, mais je ne peux",
        "Lo siento, pero no puedo", "No puedo ayudar", "Desculpe, mas não posso", "Mi dispiace, ma non posso", "Het spijt me, maar ik kan", "抱歉，我无法", "对不起，我无法", "很抱歉，我无法", "申し訳ありませんが", "申し訳ございませんが",
    ];
}
