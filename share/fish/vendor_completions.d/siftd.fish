function __siftd_should_offer_completions_for_flags_or_options -a expected_commands
    set -l non_repeating_flags_or_options $argv[2..]
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __siftd_parse_tokens
    test "$commands" = "$expected_commands"; and return $non_repeating_flags_or_options_absent
end

function __siftd_should_offer_completions_for_positional -a expected_commands positional_index_comparison expected_positional_index
    set -l non_repeating_flags_or_options
    set -l non_repeating_flags_or_options_absent 0
    set -l positional_index 0
    set -l commands
    __siftd_parse_tokens
    test "$commands" = "$expected_commands" -a \( "$positional_index" "$positional_index_comparison" "$expected_positional_index" \)
end

function __siftd_parse_tokens -S
    set -l unparsed_tokens (__siftd_tokens -pc)
    switch $unparsed_tokens[1]
    case 'siftd'
        __siftd_parse_subcommand 0 'version' 'h/help'
        switch $unparsed_tokens[1]
        case 'serve'
            __siftd_parse_subcommand 0 'config=' 'version' 'h/help'
        case 'check-config'
            __siftd_parse_subcommand 0 'config=' 'dump' 'sample' 'version' 'h/help'
        case 'doctor'
            __siftd_parse_subcommand 0 'config=' 'user=' 'postfix-config=' 'no-message' 'json' 'version' 'h/help'
        case 'classify'
            __siftd_parse_subcommand -r 1 'model=' 'json' 'labels' 'no-labels' 'config=' 'version' 'h/help'
        case 'explain'
            __siftd_parse_subcommand -r 1 'model=' 'json' 'labels' 'no-labels' 'config=' 'version' 'h/help'
        case 'extract'
            __siftd_parse_subcommand -r 1 'json' 'profile=' 'model=' 'version' 'h/help'
        case 'train'
            __siftd_parse_subcommand 0 'data=+' 'split=+' 'output=' 'tune=' 'keep-reservoir=' 'reservoir-size=' 'left-out=' 'allow-unreadable' 'head=' 'profile=' 'seed=' 'epochs=' 'batch=' 'learning-rate=' 'weight-decay=' 'patience=' 'vocabulary=' 'minimum-frequency=' 'embedding=' 'widths=' 'filters=' 'hidden=' 'members=' 'first-tokens=' 'last-tokens=' 'dropout=' 'hidden-dropout=' 'averaging=' 'source-weight=' 'weight=+' 'doubtful=+' 'segments' 'no-segments' 'segment-epochs=' 'fact-bound=' 'segment-penalty=' 'fact-dropping=' 'fact-swapping=' 'paste-into-spam=' 'paste-into-ham=' 'shape-replacement=' 'excerpts=' 'linear-share=' 'linear-cost=' 'linear-bits=' 'augment' 'no-augment' 'version' 'h/help'
        case 'evaluate'
            __siftd_parse_subcommand 0 'model=' 'data=+' 'split=+' 'allow-unreadable' 'part=' 'scores=' 'report=+' 'json' 'version' 'h/help'
        case 'learn'
            __siftd_parse_subcommand -r 1 'spam' 'ham' 'forget' 'status' 'undo' 'confirm' 'label=' 'source=' 'way=' 'mailbox=' 'labels=' 'socket=' 'config=' 'json' 'quiet' 'version' 'h/help'
        case 'retrain'
            __siftd_parse_subcommand 0 'csv=' 'store=' 'registry=' 'model=' 'reservoir=' 'method=' 'now' 'inactive' 'shadow-hours=' 'hurry' 'json' 'config=' 'max-accuracy-drop=' 'max-false-positive-rise=' 'version' 'h/help'
        case 'calibrate'
            __siftd_parse_subcommand 0 'ham=+' 'spam=+' 'from-history' 'days=' 'settled=' 'labels' 'no-labels' 'store=' 'config=' 'model=' 'output=' 'registry=' 'dry-run' 'json' 'version' 'h/help'
        case 'replay'
            __siftd_parse_subcommand -r 1 'model=+' 'labels=' 'store=' 'config=' 'reasons=' 'json' 'version' 'h/help'
        case 'model'
            __siftd_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'list'
                __siftd_parse_subcommand 0 'registry=' 'json' 'version' 'h/help'
            case 'show'
                __siftd_parse_subcommand 1 'registry=' 'report' 'version' 'h/help'
            case 'activate'
                __siftd_parse_subcommand 1 'registry=' 'reason=' 'version' 'h/help'
            case 'rollback'
                __siftd_parse_subcommand 0 'registry=' 'reason=' 'version' 'h/help'
            case 'discard'
                __siftd_parse_subcommand 0 'registry=' 'version' 'h/help'
            case 'prune'
                __siftd_parse_subcommand 0 'registry=' 'keep=' 'version' 'h/help'
            case 'import'
                __siftd_parse_subcommand 1 'output=' 'weights=' 'tokenizer=' 'vocabulary=' 'text=' 'length=' 'padding=' 'truncating=' 'num-words=' 'oov-token=' 'filters=' 'no-lower' 'char-level' 'standardize=' 'split=' 'ngrams=' 'labels=' 'head=' 'tables=' 'check=' 'tolerance=' 'version' 'h/help'
            case 'export'
                __siftd_parse_subcommand 0 'model=' 'format=' 'output=' 'version' 'h/help'
            end
        case 'store'
            __siftd_parse_subcommand 0 'version' 'h/help'
            switch $unparsed_tokens[1]
            case 'status'
                __siftd_parse_subcommand 0 'config=' 'json' 'version' 'h/help'
            case 'check'
                __siftd_parse_subcommand 0 'config=' 'version' 'h/help'
            case 'migrate'
                __siftd_parse_subcommand 0 'to=' 'password-file=' 'from=' 'config=' 'json' 'version' 'h/help'
            end
        case 'help'
            __siftd_parse_subcommand -r 1 'version'
        end
    end
end

function __siftd_tokens
    if test (string split -m 1 -f 1 -- . "$FISH_VERSION") -gt 3
        commandline --tokens-raw $argv
    else
        commandline -o $argv
    end
end

function __siftd_parse_subcommand -S -a positional_count
    argparse -s r -- $argv
    set -l option_specs $argv[2..]
    set -l is_repeating_positional $_flag_r
    set -el _flag_r
    set -a commands $unparsed_tokens[1]
    set positional_index 0
    while true
        set -e unparsed_tokens[1]
        argparse -sn "$commands" $option_specs -- $unparsed_tokens 2> /dev/null
        set unparsed_tokens $argv
        set positional_index (math $positional_index + 1)
        for non_repeating_flag_or_option in $non_repeating_flags_or_options
            if set -ql "_flag_$(string replace -a - _ -- $non_repeating_flag_or_option)"
                set non_repeating_flags_or_options_absent 1
                break
            end
        end
        test (count $unparsed_tokens) -eq 0 -o \( -z "$is_repeating_positional" -a "$positional_index" -gt "$positional_count" \) && break
    end
end

function __siftd_complete_directories
    set -l token (commandline -t)
    string match -- '*/' $token
    set -l subdirs $token*/
    printf %s\n $subdirs
end

function __siftd_custom_completion
    set -x SAP_SHELL fish
    set -x SAP_SHELL_VERSION $FISH_VERSION
    set -l tokens (__siftd_tokens -p)
    if test -z "$(__siftd_tokens -t)"
        set -l index (count (__siftd_tokens -pc))
        set tokens $tokens[..$index] \'\' $tokens[(math $index + 1)..]
    end
    command $tokens[1] $argv $tokens
end

complete -c 'siftd' -f
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'serve' -d 'Run the daemon in the foreground.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'check-config' -d 'Check the configuration; exit 0 when it is sound, 78 when not.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'doctor' -d 'Check the set-up as the mail server sees it; say what to change.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'classify' -d 'Judge messages without an MTA.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'explain' -d 'Show which words and facts made a message\'s score.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'extract' -d 'Show what siftd reads of messages: parts, visible text, facts, tokens, defects.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'train' -d 'Train a model on labelled mail.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'evaluate' -d 'Measure a model on labelled mail.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'learn' -d 'Teach siftd which messages are wanted; each counts from the next message on.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'retrain' -d 'Train the model again with this site\'s labels; a guard decides whether it serves.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'calibrate' -d 'Raise the thresholds of a model until this site\'s wanted mail is below them.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'replay' -d 'List the messages whose verdict differs between two models, with reasons.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'model' -d 'Look at the versions of the model, choose the active one, import and export.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'store' -d 'Look at the label store, and move it into a database of several hosts.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd" -eq 1' -fa 'help' -d 'Show subcommand help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd serve" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd serve" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd serve" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd check-config" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd check-config" dump' -l 'dump' -d 'Print every effective value.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd check-config" sample' -l 'sample' -d 'Print the sample file: every key with its default and a comment.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd check-config" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd check-config" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" user' -l 'user' -d 'Who runs the daemon (default: siftd if there is one).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" postfix-config' -l 'postfix-config' -d 'Postfix\'s configuration (default: its own).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" no-message' -l 'no-message' -d 'Send no message through the daemon.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" json' -l 'json' -d 'Print one JSON object.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd doctor" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" model' -l 'model' -d 'The model; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" json' -l 'json' -d 'Print one JSON object a message.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" labels' -l 'labels' -d 'Judge with what this site has taught, as the daemon does, where that can be read.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" no-labels' -l 'no-labels' -d 'Judge with what this site has taught, as the daemon does, where that can be read.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd classify" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" model' -l 'model' -d 'The model; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" json' -l 'json' -d 'Print one JSON object a message.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" labels' -l 'labels' -d 'Judge with what this site has taught, as the daemon does, where that can be read.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" no-labels' -l 'no-labels' -d 'Judge with what this site has taught, as the daemon does, where that can be read.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd explain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd extract" json' -l 'json' -d 'Print one JSON object a message.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd extract" profile' -l 'profile' -d 'Text pipeline: default or seed.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd extract" model' -l 'model' -d 'Score each view by this model.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd extract" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd extract" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train"' -l 'data' -d 'Labelled mail.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train"' -l 'split' -d 'Fixed parts.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" output' -l 'output' -d 'New directory for the model; may be left out with --keep-reservoir, which then is all.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" tune' -l 'tune' -d 'Train this many times, first with the given options, then with random ones for the network\'s size, rates and augmentation; print how each does on dev, keep the best.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" keep-reservoir' -l 'keep-reservoir' -d 'Also write a sample of the training mail, tokens only, for learning on site; what the licence of the mail forbids to pass on stays forbidden.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" reservoir-size' -l 'reservoir-size' -d 'Messages of that sample.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" left-out' -l 'left-out' -d 'Measures of sources left out, for report and card: lines of set, ham, tagged ham, spam, tagged spam, with tabs.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" allow-unreadable' -l 'allow-unreadable' -d 'Go on when more than a tenth of a data set can\'t be read as mail; such files are left out.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" head' -l 'head' -d 'What the labels are: spam (ham and spam), exclusive (one of several), several (any number, joined by | in the data).' -rfka 'spam exclusive several'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" profile' -l 'profile' -d 'Text pipeline: default, or seed for the original seven steps.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" seed' -l 'seed' -d 'Seed of all random choices.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" epochs' -l 'epochs' -d 'Passes over the training mail.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" batch' -l 'batch' -d 'Messages per update.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" learning-rate' -l 'learning-rate' -d 'Peak learning rate.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" weight-decay' -l 'weight-decay' -d 'Decoupled weight decay.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" patience' -l 'patience' -d 'Epochs without a better loss on dev before the run ends.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" vocabulary' -l 'vocabulary' -d 'Words in the vocabulary at most.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" minimum-frequency' -l 'minimum-frequency' -d 'Messages a word must occur in.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" embedding' -l 'embedding' -d 'Numbers per word.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" widths' -l 'widths' -d 'Window widths, with commas.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" filters' -l 'filters' -d 'Filters of each width.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" hidden' -l 'hidden' -d 'Units of the hidden layer; 0 for none. (default: 64, 0 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" members' -l 'members' -d 'Networks that are trained from different random starts and averaged into one.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" first-tokens' -l 'first-tokens' -d 'Tokens read from the front of a longer message; the profile\'s by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" last-tokens' -l 'last-tokens' -d 'Tokens read from its end.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" dropout' -l 'dropout' -d 'Dropout of pooled features. (default: 0.4, 0.5 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" hidden-dropout' -l 'hidden-dropout' -d 'Dropout of hidden units.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" averaging' -l 'averaging' -d 'Decay of the weights\' moving average; 0 for none.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" source-weight' -l 'source-weight' -d 'Exponent of the weight by source and label. (default: -0.5, 0 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train"' -l 'weight' -d 'Factor of the weight of a data set\'s messages.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train"' -l 'doubtful' -d 'Messages of doubtful label, one path a line: thresholds are chosen without them.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" segments' -l 'segments' -d 'Score messages by segments, of which the strongest decides (spam, default profile).'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" no-segments' -l 'no-segments' -d 'Score messages by segments, of which the strongest decides (spam, default profile).'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" segment-epochs' -l 'segment-epochs' -d 'Passes over segments, after those over whole messages; 0 for segments alone.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" fact-bound' -l 'fact-bound' -d 'How far facts about structure and header may lower a segment\'s logit.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" segment-penalty' -l 'segment-penalty' -d 'What a logit loses for each unit of the logarithm of the number of segments.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" fact-dropping' -l 'fact-dropping' -d 'Chance of leaving out the facts of a message. (default: 0.1, 0 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" fact-swapping' -l 'fact-swapping' -d 'Chance of another message\'s facts in their place. (default: 0.2, 0 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" paste-into-spam' -l 'paste-into-spam' -d 'Chance of pasting ham into spam.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" paste-into-ham' -l 'paste-into-ham' -d 'Chance of pasting ham into ham.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" shape-replacement' -l 'shape-replacement' -d 'Chance of replacing words by shapes.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" excerpts' -l 'excerpts' -d 'Chance of showing only a few words.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" linear-share' -l 'linear-share' -d 'Weight of the linear model of words and pairs in the final score, from 0 (network only) to below 1. (default: 0.4, 0 for labels)' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" linear-cost' -l 'linear-cost' -d 'Inverse regularisation strength (C) of the linear model: larger fits mail more closely.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" linear-bits' -l 'linear-bits' -d 'Buckets of the linear model, as a power of two.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" augment' -l 'augment' -d 'Change messages anew in each epoch.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" no-augment' -l 'no-augment' -d 'Change messages anew in each epoch.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd train" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" model' -l 'model' -d 'The model; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate"' -l 'data' -d 'Labelled mail.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate"' -l 'split' -d 'Fixed parts.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" allow-unreadable' -l 'allow-unreadable' -d 'Go on when more than a tenth of a data set can\'t be read as mail; such files are left out.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" part' -l 'part' -d 'Only messages of this part: train, dev or test.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" scores' -l 'scores' -d 'Write each message\'s probability there.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate"' -l 'report' -d 'Write a report there, as a page or as JSON by the ending; repeat for both.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" json' -l 'json' -d 'Print JSON.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd evaluate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" spam' -l 'spam' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" ham' -l 'ham' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" forget' -l 'forget' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" status' -l 'status' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" undo' -l 'undo' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" confirm' -l 'confirm' -d 'Spam, wanted mail, or take back; or no message at all.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" label' -l 'label' -d 'Another label of the model.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" source' -l 'source' -d 'Who says so: admin, user:ADDRESS, trap:ADDRESS, reply:ADDRESS. Root is admin by default, others are user:NAME.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" way' -l 'way' -d 'How it comes: command, imap, csv, http.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" mailbox' -l 'mailbox' -d 'The mailbox that the message is in.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" labels' -l 'labels' -d 'With --undo or --confirm: labels by=SOURCE, person=ADDRESS, mailbox=ADDRESS, digest=HEX, before=SECONDS, or all=1.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" socket' -l 'socket' -d 'The daemon\'s socket; nothing is learnt without it.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" json' -l 'json' -d 'Print one JSON object a message.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" quiet' -l 'quiet' -d 'Print the summary and what went wrong only.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd learn" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" csv' -l 'csv' -d 'Labels to add first.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" store' -l 'store' -d 'Directory of the labels; that of the configuration.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" model' -l 'model' -d 'The model to begin with; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" reservoir' -l 'reservoir' -d 'Base data; those that came with siftd by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" method' -l 'method' -d 'How: refine the current model, or train one of its shape anew, which needs base data of all that it shall know.' -rfka 'refine anew'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" now' -l 'now' -d 'Retrain now, even without new labels.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" inactive' -l 'inactive' -d 'Only add and judge; make nothing active.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" shadow-hours' -l 'shadow-hours' -d 'Let an accepted candidate score live mail beside the current model for so long, before the daemon puts it in force.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" hurry' -l 'hurry' -d 'Take CPU time like any process, instead of what others leave.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" json' -l 'json' -d 'Print the figures as JSON.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" max-accuracy-drop' -l 'max-accuracy-drop' -d 'By how much the accuracy may fall, 0 to 1.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" max-false-positive-rise' -l 'max-false-positive-rise' -d 'By how much the share of false positives may rise, 0 to 1.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd retrain" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate"' -l 'ham' -d 'Wanted mail.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate"' -l 'spam' -d 'Unwanted mail.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" from-history' -l 'from-history' -d 'Use what the daemon remembers of the mail that it has judged.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" days' -l 'days' -d 'Days of the history that count.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" settled' -l 'settled' -d 'Hours after which silence about a verdict ham is consent.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" labels' -l 'labels' -d 'Judge with what this site has taught, where there is any.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" no-labels' -l 'no-labels' -d 'Judge with what this site has taught, where there is any.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" store' -l 'store' -d 'Directory of the labels; that of the configuration.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" model' -l 'model' -d 'The model; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" output' -l 'output' -d 'Write the new version there.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" registry' -l 'registry' -d 'Add it to this registry and make it active (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" dry-run' -l 'dry-run' -d 'Only say what would be done.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" json' -l 'json' -d 'Print JSON.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd calibrate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay"' -l 'model' -d 'A model; twice to compare two.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" labels' -l 'labels' -d 'Compare two models with this site\'s labels (on) or without (off).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" store' -l 'store' -d 'Directory of the labels; that of the configuration.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" reasons' -l 'reasons' -d 'Reasons shown for each verdict.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" json' -l 'json' -d 'Print one JSON object a message.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd replay" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'list' -d 'List the versions, the oldest first.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'show' -d 'Show a version as JSON: lineage, thresholds, activations.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'activate' -d 'Make a version the active one.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'rollback' -d 'Make the version active that was so before.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'discard' -d 'Stop the version that scores beside the active one (learn.shadow_hours).'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'prune' -d 'Remove old versions.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'import' -d 'Make a model of siftd\'s from a text classifier that Keras saved.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd model" -eq 1' -fa 'export' -d 'Write a trained model for Keras or ONNX Runtime.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model list" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model list" json' -l 'json' -d 'Print JSON.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model list" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model list" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model show" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model show" report' -l 'report' -d 'Include report.json: data, options, epochs, measures.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model show" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model show" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model activate" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model activate" reason' -l 'reason' -d 'Why, for the history.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model activate" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model activate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model rollback" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model rollback" reason' -l 'reason' -d 'Why, for the history.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model rollback" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model rollback" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model discard" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model discard" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model discard" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model prune" registry' -l 'registry' -d 'Directory of the versions (default: /var/lib/siftd/models).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model prune" keep' -l 'keep' -d 'The newest versions that stay.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model prune" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model prune" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" output' -l 'output' -d 'Where to write it; must not exist.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" weights' -l 'weights' -d 'Weights of an architecture that is JSON.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" tokenizer' -l 'tokenizer' -d 'A Tokenizer: what to_json() gave, or its word_index.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" vocabulary' -l 'vocabulary' -d 'The vocabulary of a TextVectorization layer, a term a line.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" text' -l 'text' -d 'The text step as a JSON object.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" length' -l 'length' -d 'Ids of a text: maxlen, or output_sequence_length.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" padding' -l 'padding' -d 'The side on which short texts are filled up: pre or post.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" truncating' -l 'truncating' -d 'The side on which long texts are cut: pre or post.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" num-words' -l 'num-words' -d 'Words of the Tokenizer that count.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" oov-token' -l 'oov-token' -d 'The Tokenizer\'s or layer\'s word for unknown ones.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" filters' -l 'filters' -d 'Characters that the Tokenizer takes as spaces.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" no-lower' -l 'no-lower' -d 'The Tokenizer has lower=False.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" char-level' -l 'char-level' -d 'The Tokenizer has char_level=True.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" standardize' -l 'standardize' -d 'What TextVectorization does first: lower_and_strip_punctuation, lower, strip_punctuation or none.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" split' -l 'split' -d 'How TextVectorization splits: whitespace, character or none.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" ngrams' -l 'ngrams' -d 'Longest n-gram of TextVectorization.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" labels' -l 'labels' -d 'Labels in the order of the outputs.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" head' -l 'head' -d 'What a linear last layer\'s numbers become probabilities by: sigmoid or softmax.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" tables' -l 'tables' -d 'Serve by rounded tables of int16 or int8 instead of 32-bit floats, with small differences.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" check' -l 'check' -d 'Inputs with what Keras gives for them.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" tolerance' -l 'tolerance' -d 'The largest difference that --check allows.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model import" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model export" model' -l 'model' -d 'The model; the active one by default.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model export" format' -l 'format' -d 'keras, onnx or safetensors.' -rfka 'keras onnx safetensors'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model export" output' -l 'output' -d 'The file to write; must not exist.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model export" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd model export" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd store" -eq 1' -fa 'status' -d 'Say where the labels are, what the store holds, and what waits for it.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd store" -eq 1' -fa 'check' -d 'Look through the whole label store for damage.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_positional "siftd store" -eq 1' -fa 'migrate' -d 'Move labels, recent verdicts and retrainings of this host into a database.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store status" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store status" json' -l 'json' -d 'Print one JSON object.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store status" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store status" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store check" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store check" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store check" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" to' -l 'to' -d 'The database, as in store.url.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" password-file' -l 'password-file' -d 'File whose first line is the password.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" from' -l 'from' -d 'Directory of the labels; that of the configuration.' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" config' -l 'config' -d 'Configuration file (default: /etc/siftd/siftd.toml, or built-in defaults).' -rfka ''
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" json' -l 'json' -d 'Print the figures as JSON.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" version' -l 'version' -d 'Show the version.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd store migrate" h help' -s 'h' -l 'help' -d 'Show help information.'
complete -c 'siftd' -n '__siftd_should_offer_completions_for_flags_or_options "siftd help" version' -l 'version' -d 'Show the version.'
